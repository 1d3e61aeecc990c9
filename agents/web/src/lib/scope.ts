// Who may see what, for what, until when: what the picture of consent shows. The agent and the hub decide about each
// record; this says what the grants that they show amount to.
import type { Schemas } from './api';

type Grant = Schemas['Grant'];
export type Allowed = 'now' | 'later' | 'waits' | 'never' | 'no' | 'unknown';
export interface Cell {
  category: string;
  allowed: Allowed;
  grants: Grant[]; // That make it so.
  purposes: string[];
  until: string | null; // The last end among those in force.
}

export const counts = (grant: Grant): boolean => grant.state === 'in-force' && (grant.standing === 'counts' || grant.standing === 'not-needed');
const comes = (grant: Grant): boolean => grant.state === 'coming';
// It was given, and does not count yet or no longer, though its period runs.
const waits = (grant: Grant): boolean => grant.state === 'in-force' && !counts(grant) && grant.standing !== 'lapsed' && grant.standing !== 'not-in-force';
export const over = (grant: Grant): boolean => grant.state === 'withdrawn' || grant.state === 'ended' || grant.standing === 'lapsed';

export function cellOf(grants: Grant[], organisation: string, category: string, purpose: string, ceiling: readonly string[] | null, sure = true): Cell {
  const fitting = grants.filter((grant) => grant.recipient.id === organisation && grant.categories.includes(category as never) && (!purpose || grant.purposes.includes(purpose as never)));
  const of = (allowed: Allowed, some: Grant[]): Cell => ({
    category,
    allowed,
    grants: some,
    purposes: [...new Set(some.flatMap((grant) => grant.purposes))],
    until: some.map((grant) => grant.ends_at).sort().at(-1) ?? null,
  });
  const now = fitting.filter(counts);
  if (now.length > 0) return of('now', now);
  if (ceiling && !ceiling.includes(category)) return of('never', []);
  const later = fitting.filter(comes);
  if (later.length > 0) return of('later', later);
  const waiting = fitting.filter(waits);
  return waiting.length > 0 ? of('waits', waiting) : of(sure ? 'no' : 'unknown', []);
}

export interface Effect {
  added: string[]; // What this partner could not have for all of these purposes, and now can.
  had: string[]; // What it could have already.
  never: string[]; // What its sector may not have, whoever consents.
  waits: boolean; // A consent that alone does not suffice.
}
// What a grant that is being written would change.
export function effectOf(grants: Grant[], organisation: string, purposes: string[], categories: string[], ceiling: readonly string[] | null): Effect {
  const effect: Effect = { added: [], had: [], never: [], waits: false };
  for (const category of categories) {
    if (ceiling && !ceiling.includes(category)) effect.never.push(category);
    else if (purposes.length > 0 && purposes.every((purpose) => cellOf(grants, organisation, category, purpose, null).allowed === 'now')) effect.had.push(category);
    else effect.added.push(category);
  }
  return effect;
}
// Of what stands in the trajectory, what the grants of a partner cover today.
export const covered = (items: Schemas['Item'][], grants: Grant[], organisation: string): Schemas['Item'][] =>
  items.filter((item) => grants.some((grant) => counts(grant) && grant.recipient.id === organisation && grant.purposes.includes(item.purpose) && item.categories.every((one) => grant.categories.includes(one))));
