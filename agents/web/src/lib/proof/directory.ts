// The directory as far as a file of evidence holds it (docs/protocol.md, section 9): statements that enough of the pinned
// registrars signed, or those whom such a statement put in their place.
import { hex, keyIdOf, signsAs, type Bytes } from './bytes';
import type { SignedStatement } from './evidence';
import { ProofError, Reader } from './reader';

export interface Registrars {
  threshold: number;
  keys: Bytes[];
}
interface Organisation {
  serial: number;
  sector: string;
  active: boolean;
  record: Bytes;
  transport: string;
  recordKeys: Map<string, Bytes>; // By their ids: what was signed with an old one holds.
  cosignKeys: Bytes[]; // Likewise.
  hpke: string[];
  hpkeSerial: number;
}
type Statement =
  | { type: 'organisation'; organisation: string; serial: number; sector: string; active: boolean; record: Bytes; cosign: Bytes; transport: string; hpke: string }
  | { type: 'registrars'; serial: number; registrars: Registrars }
  | { type: 'hpke'; organisation: string; serial: number; hpke: string }
  | { type: 'other' };

const fields: Record<number, number> = { 1: 9, 2: 5, 3: 12, 4: 6, 5: 6 };

function readStatement(bytes: Bytes): Statement {
  const from = new Reader(bytes, { bytes: 64 << 10, depth: 3 });
  const items = from.array(2, 64);
  if (from.within(1, Number.MAX_SAFE_INTEGER) > 1) throw new ProofError('registry.version');
  const type = from.within(1, 63);
  if (fields[type] !== undefined && items !== fields[type]) throw new ProofError('codec.type');
  const statement = ((): Statement => {
    switch (type) {
      case 1: {
        const [organisation, serial] = [from.organisation(), from.uint()];
        if (from.text(120) === '') throw new ProofError('registry.name');
        const sector = from.organisation();
        const active = from.within(1, 2) === 1;
        from.array(4, 4);
        const [record, cosign, transport, hpke] = [from.fixed(32), from.fixed(32), from.fixed(32), from.fixed(32)];
        from.time();
        return { type: 'organisation', organisation, serial, sector, active, record, cosign, transport: hex(transport), hpke: hex(hpke) };
      }
      case 4: {
        const [serial, threshold] = [from.uint(), from.within(1, 16)];
        const keys = from.list(16, () => from.fixed(32), 1);
        from.time();
        const growing = keys.every((key, i) => i === 0 || hex(keys[i - 1]!) < hex(key));
        if (!growing || threshold > keys.length) throw new ProofError('registry.registrars');
        return { type: 'registrars', serial, registrars: { threshold, keys } };
      }
      case 5: {
        const [organisation, serial] = [from.organisation(), from.uint()];
        const hpke = hex(from.fixed(32));
        from.time();
        return { type: 'hpke', organisation, serial, hpke };
      }
      default: // Ceilings, rules, and what newer programs say: nothing here depends on them.
        for (let i = 2; i < items; i++) from.skip();
        return { type: 'other' };
    }
  })();
  from.finish();
  return statement;
}

async function countSigned({ statement, signatures }: SignedStatement, registrars: Registrars): Promise<number> {
  let count = 0; // A key counts once, however often it signed.
  for (const key of registrars.keys) {
    const id = await keyIdOf(key);
    for (const one of signatures) {
      if (one.key === id && (await signsAs(key, 'schakel/registry/v1', statement, one.signature))) {
        count++;
        break;
      }
    }
  }
  return count;
}

export class Directory {
  private readonly organisations = new Map<string, Organisation>();
  private registrarsSerial = 0;
  constructor(private signers: Registrars) {}

  static async of(statements: SignedStatement[], pinned: Registrars): Promise<Directory> {
    const directory = new Directory(pinned);
    for (const [i, signed] of statements.entries()) {
      try {
        await directory.take(signed);
      } catch (thrown) {
        throw thrown instanceof ProofError ? new ProofError(thrown.rule, `statement ${i + 1}`) : thrown;
      }
    }
    return directory;
  }
  knows = (organisation: string): boolean => this.organisations.has(organisation);
  recordKey = (organisation: string, id: string): Bytes | undefined => this.organisations.get(organisation)?.recordKeys.get(id);
  cosignKeys = (organisation: string): Bytes[] => this.organisations.get(organisation)?.cosignKeys ?? [];

  private async take(signed: SignedStatement): Promise<void> {
    const statement = readStatement(signed.statement);
    if (statement.type === 'hpke') return this.takeHpke(statement, signed);
    if ((await countSigned(signed, this.signers)) < this.signers.threshold) throw new ProofError('registry.signatures');
    if (statement.type === 'organisation') return this.takeOrganisation(statement);
    if (statement.type === 'registrars') {
      if (statement.serial !== this.registrarsSerial + 1) throw new ProofError('registry.serial');
      if ((await countSigned(signed, statement.registrars)) < statement.registrars.threshold) throw new ProofError('registry.new_registrars');
      this.registrarsSerial = statement.serial;
      this.signers = statement.registrars;
    }
  }
  private async takeOrganisation(said: Statement & { type: 'organisation' }): Promise<void> {
    const known = this.organisations.get(said.organisation);
    if (said.serial !== (known?.serial ?? 0) + 1) throw new ProofError('registry.serial');
    if (known && known.sector !== said.sector) throw new ProofError('registry.sector');
    for (const [other, one] of this.organisations) if (one.transport === said.transport && other !== said.organisation) throw new ProofError('registry.transport_key');
    const { serial, sector, active, record, transport } = said;
    this.organisations.set(said.organisation, {
      serial, sector, active, record, transport,
      recordKeys: new Map(known?.recordKeys).set(await keyIdOf(record), record),
      cosignKeys: [...(known?.cosignKeys ?? []), said.cosign],
      hpke: [...(known?.hpke ?? []), said.hpke],
      hpkeSerial: known?.hpkeSerial ?? 0,
    });
  }
  // Signed by the organisation itself, with the record key in force.
  private async takeHpke(said: Statement & { type: 'hpke' }, { statement, signatures }: SignedStatement): Promise<void> {
    const known = this.organisations.get(said.organisation);
    if (!known) throw new ProofError('registry.organisation');
    const [only] = signatures;
    const signed = known.active && signatures.length === 1 && only!.key === (await keyIdOf(known.record)) && (await signsAs(known.record, 'schakel/hpke/v1', statement, only!.signature));
    if (!signed) throw new ProofError('registry.own_signature');
    if (said.serial !== known.hpkeSerial + 1) throw new ProofError('registry.serial');
    if (known.hpke.includes(said.hpke)) throw new ProofError('registry.hpke_key');
    known.hpkeSerial = said.serial;
    known.hpke.push(said.hpke);
  }
}
