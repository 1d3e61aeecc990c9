// Who will receive what is being written, and on which grant. The agent decides that (preview: true); which grant it
// rests on is found here among those that the agent shows, since a preview does not name it.
import type { Schemas } from './api';
import { listed, t } from './i18n.svelte';
import { plain } from './plainwords';
import { toast } from './toasts.svelte';

export type Grant = Schemas['Grant'];
export interface Receiver {
  organisation: Schemas['Organisation'];
  reached: boolean;
  unsure: boolean; // We do not lead: the hub has the last word.
  grant: Grant | null;
  label: string; // Why not.
  next: string; // And what to do.
}

// The one that lasts longest of those that cover all of this for that organisation.
export function grantFor(grants: Grant[], organisation: string, purpose: string, categories: string[]): Grant | null {
  const covering = grants.filter(
    (grant) =>
      grant.recipient.id === organisation &&
      grant.state === 'in-force' &&
      (grant.standing === undefined || grant.standing === 'counts' || grant.standing === 'not-needed') &&
      grant.purposes.includes(purpose as never) &&
      categories.every((category) => grant.categories.includes(category as never)),
  );
  return covering.sort((one, other) => other.ends_at.localeCompare(one.ends_at))[0] ?? null;
}

export function receiversOf(sent: Pick<Schemas['Sent'], 'reaches' | 'unreached' | 'unsure'>, grants: Grant[], purpose: string, categories: string[]): Receiver[] {
  const unsure = new Set((sent.unsure ?? []).map((one) => one.id));
  const reached = sent.reaches.map((organisation) => ({
    organisation,
    reached: true,
    unsure: unsure.has(organisation.id),
    grant: grantFor(grants, organisation.id, purpose, categories),
    label: '',
    next: '',
  }));
  const unreached = sent.unreached.map(({ organisation, label, next }) => ({ organisation, reached: false, unsure: false, grant: null, label, next: plain(next) }));
  return [...reached, ...unreached];
}

type Missed = readonly Schemas['Unreached'][] | undefined;
// Whom the hub left out, and what to do about it.
export const missedOf = (unreached: Missed): string =>
  unreached?.length ? `${t('receivers.not_to', { names: listed(unreached.map((one) => one.organisation.name)) })} ${plain(unreached[0]!.next)}` : '';

// What was sent: on its way, with all it was for, or not.
export function toastSent(sent: Pick<Schemas['Sent'], 'state' | 'reaches' | 'unreached'>, done: string, queued: string): void {
  const missed = missedOf(sent.unreached);
  if (sent.state === 'waiting' || !missed) toast(sent.state === 'waiting' ? queued : done);
  else toast(`${sent.reaches.length ? done : t('receivers.nobody')} ${missed}`, { tone: 'bad', ms: 12_000 });
}
