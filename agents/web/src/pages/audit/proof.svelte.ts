// The proofs of one answer, judged one file after another while its rows are read already.
import { bytesOf } from '../../lib/files';
import { has, t } from '../../lib/i18n.svelte';
import { net, readStatus } from '../../lib/net.svelte';
import type { Pins, Verdict } from '../../lib/proof';
import type { Row } from '../../lib/proof/rows';

export type RowState = 'proven' | 'unproven' | 'unknown';

export class Proofs {
  state = $state<'none' | 'busy' | 'holds' | 'unsigned' | 'fault' | 'unpinned'>('busy');
  done = $state(0);
  all = $state(0);
  fault = $state('');
  verdicts = $state.raw<Verdict[]>([]);
  pins = $state.raw<Pins | null>(null);
  private keyOf: ((row: Row) => string | null) | undefined;
  private stopped = false;

  constructor(readonly files: string[]) {
    if (files.length === 0) this.state = 'none';
    else void this.run();
  }
  stop(): void {
    this.stopped = true;
  }
  run = async (): Promise<void> => {
    this.state = 'busy';
    this.fault = '';
    this.done = 0;
    try {
      const proof = await import('../../lib/proof');
      this.keyOf = proof.keyOf;
      if (!net.status) await readStatus();
      this.pins = net.status?.pinned ?? null;
      if (!this.pins) return void (this.state = 'unpinned');
      const verdicts: Verdict[] = [];
      for (const file of this.files) {
        verdicts.push(await proof.verdictOn(bytesOf(file), this.pins, (done, all) => ((this.done = done), (this.all = all))));
        if (this.stopped) return;
      }
      this.verdicts = verdicts;
      this.state = verdicts.every((one) => one.parties) ? 'holds' : 'unsigned';
    } catch (thrown) {
      const { rule = '', field = '' } = thrown as { rule?: string; field?: string };
      this.fault = t(has(`proof_rule.${rule}`) ? `proof_rule.${rule}` : 'proof_rule.unreadable', { field });
      this.state = 'fault';
    }
  };
  // What stands in our own vault alone is no matter of proof.
  of(row: Row): RowState {
    const key = this.state === 'holds' ? this.keyOf?.(row) : null;
    if (key == null) return 'unknown';
    return this.verdicts.some((one) => one.keys.has(key)) ? 'proven' : 'unproven';
  }
}
