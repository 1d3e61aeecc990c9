// Why somebody looks who has no task on a trajectory. It is said once and counts while they stay there; with each look it
// stands in the log.
import { untrack } from 'svelte';
import { hook, type ViewReason } from './api';
import { here } from './router.svelte';

export const lookReasons = ['on-duty', 'round-table', 'subject-request', 'other'] as const satisfies readonly ViewReason[];

let said = $state.raw<{ place: string; reason: ViewReason } | null>(null);
// '/trajectories/ID', whichever of its parts is shown.
const place = (): string => here().path.split('/').slice(0, 3).join('/');

export const reason = {
  get said(): ViewReason | null {
    return said?.place === place() ? said.reason : null;
  },
  say(why: ViewReason): void {
    said = { place: place(), reason: why };
    window.dispatchEvent(new Event('schakel:back')); // Whatever was refused is asked again.
  },
  stop(): void {
    said = null;
    window.dispatchEvent(new Event('schakel:back'));
  },
};
hook({ reason: () => untrack(() => reason.said) ?? undefined });
