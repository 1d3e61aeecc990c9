// What happened on a trajectory, on one line through time: without words of records. Those come when somebody opens one.
import { partsOf } from './dates';
import type { Schemas } from './api';

export const groups = ['help', 'life', 'network', 'modules', 'meeting', 'contact', 'goals', 'actions', 'notes', 'consent', 'people', 'withheld'] as const;
export type Group = (typeof groups)[number];

export interface Entry {
  id: string; // Of this line of the story.
  at: string;
  kind: string;
  group: Group;
  author: Schemas['Organisation'] | null;
  record: string | null; // What can be opened.
  place: string; // Where more of it stands, within the pages; empty: nowhere.
  about: Schemas['Organisation'] | null; // To whom a grant goes, who takes the lead.
  note: string; // A reason that the agent gave.
}

const groupOf: Record<string, Group> = {
  'request-for-help': 'help',
  referral: 'help',
  'referral-answer': 'help',
  'referral-withdrawal': 'help',
  'life-event': 'life',
  'life-domain': 'life',
  'subject-stage': 'life',
  'network-figure': 'network',
  'network-tie': 'network',
  kinship: 'network',
  'circular-question': 'network',
  'circular-answer': 'network',
  'module-switch': 'modules',
  'ring-answer': 'help',
  'school-report': 'help',
  'school-step': 'help',
  'court-plan': 'goals',
  'family-plan': 'goals',
  'family-conference': 'meeting',
  'supporter-message': 'contact',
  hearing: 'meeting',
  'contact-moment': 'contact',
  'aftercare-contact': 'contact',
  'adulthood-plan': 'goals',
  alert: 'contact',
  'alert-withdrawn': 'contact',
  question: 'meeting',
  answer: 'meeting',
  conclusion: 'meeting',
  goal: 'goals',
  'goal-progress': 'goals',
  'goal-review': 'goals',
  criterion: 'goals',
  'criterion-judgement': 'goals',
  action: 'actions',
  'action-done': 'actions',
  'grant-give': 'consent',
  'grant-narrow': 'consent',
  'grant-withdraw': 'consent',
  'case-frame': 'consent',
  'emergency-review': 'consent',
  commitment: 'people',
  'commitment-signature': 'people',
  'closing-reason': 'people',
};
export function group(kind: string): Group {
  if (kind.startsWith('meeting')) return 'meeting';
  if (/^(lead|member|trajectory)-/.test(kind)) return 'people';
  return groupOf[kind] ?? 'notes';
}

// What the trajectory itself tells.
export function storyOf(trajectory: Schemas['Trajectory']): Entry[] {
  const found: Entry[] = [];
  const add = (kind: string, at: string | null | undefined, more: Partial<Entry> = {}): void => {
    if (!at) return;
    found.push({ id: `${kind}.${more.record ?? at}`, at, kind, group: group(kind), author: null, record: null, place: '', about: null, note: '', ...more });
  };
  add('trajectory-open', trajectory.opened_at, { record: trajectory.opening });
  for (const item of trajectory.items) add(item.kind, item.at, { record: item.id, author: item.author, place: ['modules', 'contact'].includes(group(item.kind)) ? 'methods' : '' });
  for (const grant of trajectory.grants) {
    add('grant-give', grant.given_at, { record: grant.id, author: grant.author, about: grant.recipient, place: 'consent' });
    for (const back of grant.taken_back) add(back.kind, back.at, { id: `${back.record}.${grant.id}`, record: back.record, author: back.author, about: grant.recipient, place: 'consent' });
  }
  for (const frame of trajectory.frames) add('case-frame', frame.begins_at, { id: frame.id, author: frame.chair, place: 'consent' });
  for (const asked of trajectory.consultations) {
    add('question', asked.asked_at, { id: asked.id, author: asked.asker, place: `/consultations/${asked.id}` });
    for (const answer of asked.answers) add('answer', answer.at, { id: answer.record, author: answer.author, place: `/consultations/${asked.id}` });
  }
  for (const table of trajectory.tables) {
    add('meeting-proposal', table.proposed_at, { id: table.id, author: table.convener, place: `/tables/${table.id}` });
    if (table.date) add(table.cancelled ? 'meeting-cancelled' : 'meeting', table.date.begins_at, { id: `${table.id}.date`, author: table.convener, place: `/tables/${table.id}` });
  }
  for (const one of trajectory.handovers) add('lead-accept', one.at, { id: one.record, author: one.to, place: 'members' });
  if (trajectory.lead_offer) add('lead-offer', trajectory.lead_offer.at, { id: trajectory.lead_offer.record, about: trajectory.lead_offer.to, place: 'members' });
  for (const mark of trajectory.withheld) add('withheld', mark.at, { id: `withheld.${mark.record ?? mark.at}`, group: 'withheld', note: mark.label });
  return sorted(found);
}

// And what the shared dossier tells: read when somebody asks for it, since each is a view.
export interface Dossier {
  goals: Schemas['Goal'][];
  criteria: Schemas['Criterion'][];
  actions: Schemas['Action'][];
  commitments: Schemas['Commitment'][];
  referrals: Schemas['Referral'][];
  life: Schemas['LifeEvent'][];
  modules: Schemas['ModulePeriod'][];
}
// A year, a month or a day, on the line.
const noon = (from: string): string => `${from}-01-01`.slice(0, 10) + 'T11:00:00Z';
// Once they were read, what was said of a life stands where it happened, rather than where it was written down.
export const known = (entries: Entry[], dossier: Dossier): Entry[] => {
  const placed = new Set([...dossier.life.flatMap((one) => (one.begins ? (one.versions ?? []).map((version) => version.record) : [])), ...dossier.modules.map((one) => one.record?.id)]);
  return entries.filter((one) => !one.record || !placed.has(one.record));
};
export function storyOfDossier(dossier: Dossier): Entry[] {
  const found: Entry[] = [];
  const add = (kind: string, at: string | null | undefined, author: Schemas['Organisation'] | null, record: string | null, place: string, id: string): void => {
    if (at) found.push({ id, at, kind, group: group(kind), author, record, place, about: null, note: '' });
  };
  for (const goal of dossier.goals) {
    for (const one of goal.versions) add('goal', one.at, one.author, one.record, 'goals', `goal.${one.record}`);
    goal.progress.forEach((one, i) => add('goal-progress', one.at, one.organisation, one.record?.id ?? null, 'goals', `progress.${goal.id}.${i}`));
    goal.reviews.forEach((one, i) => add('goal-review', one.at, one.organisation, one.record?.id ?? null, 'goals', `review.${goal.id}.${i}`));
  }
  for (const one of dossier.criteria) {
    add('criterion', one.at, one.author, one.version, 'goals', `criterion.${one.id}`);
    add('criterion-judgement', one.judged_at, one.author, one.judgement?.id ?? null, 'goals', `judgement.${one.id}`);
  }
  for (const one of dossier.actions) {
    add('action', one.at, one.author, one.version, 'actions', `action.${one.id}`);
    add('action-done', one.done_at, one.owner, one.said?.id ?? null, 'actions', `done.${one.id}`);
  }
  for (const commitment of dossier.commitments) {
    for (const one of commitment.versions) add('commitment', one.at, one.author, one.record, 'commitments', `commitment.${one.record}`);
    add('commitment-signature', commitment.active_since, null, null, 'commitments', `signed.${commitment.id}`);
  }
  for (const one of dossier.life) {
    if (one.begins) found.push({ id: `life.${one.id}`, at: noon(one.begins), kind: 'life-event', group: 'life', author: one.author, record: one.version, place: 'network?view=lifeline', about: null, note: one.title ?? '' });
  }
  for (const one of dossier.modules) add('module-switch', one.record && one.begins_at, one.record?.author ?? null, one.record?.id ?? null, 'methods', `module.${one.begins_at}`);
  for (const one of dossier.referrals) add('referral', one.at, one.author, one.id, 'members', `referral.${one.id}`);
  return sorted(found);
}
export const sorted = (entries: Entry[]): Entry[] => [...entries].sort((one, other) => other.at.localeCompare(one.at) || one.id.localeCompare(other.id));

// How near one looks: '' all years, '2026' a year, '2026-03' a month, '2026-03-14' a day; on the Belgian clock.
export type Zoom = string;
const pad = (number: number): string => String(number).padStart(2, '0');
export const zoomed = (text: string | undefined): Zoom => (text && /^\d{4}(-\d{2}(-\d{2})?)?$/.test(text) ? text : '');
export function dayOf(at: string): string {
  const { year, month, day } = partsOf(new Date(at));
  return `${year}-${pad(month)}-${pad(day)}`;
}
export const within = (entries: Entry[], zoom: Zoom): Entry[] => (zoom ? entries.filter((one) => dayOf(one.at).startsWith(zoom)) : entries);
export const wider = (zoom: Zoom): Zoom => (zoom.includes('-') ? zoom.slice(0, zoom.lastIndexOf('-')) : '');

// The items of a trajectory come in parts, the newest first: from this day on all of them are here; empty: all there are.
export const horizonOf = (items: Schemas['Item'][], next: string | null): string =>
  next === null || items.length === 0 ? '' : dayOf(items.reduce((first, one) => (one.at < first ? one.at : first), items[0]!.at));
// Whether more may lie within it than is here.
export const unsure = (zoom: Zoom, horizon: string): boolean => horizon !== '' && `${zoom || '0000'}-01-01`.slice(0, 10) <= horizon;

export interface Bucket {
  zoom: Zoom;
  count: number;
}
// What one can look at more nearly from here: the years, the months of a year, the days of a month; empty ones too.
export function buckets(entries: Entry[], zoom: Zoom): Bucket[] {
  const days = entries.map((one) => dayOf(one.at));
  const count = (start: string): Bucket => ({ zoom: start, count: days.filter((day) => day.startsWith(start)).length });
  if (zoom.length === 10) return [];
  if (zoom.length === 7) {
    const [year, month] = zoom.split('-').map(Number) as [number, number];
    return Array.from({ length: new Date(Date.UTC(year, month, 0)).getUTCDate() }, (_, i) => count(`${zoom}-${pad(i + 1)}`));
  }
  if (zoom.length === 4) return Array.from({ length: 12 }, (_, i) => count(`${zoom}-${pad(i + 1)}`));
  if (days.length === 0) return [];
  const years = days.map((day) => Number(day.slice(0, 4)));
  const [first, last] = [Math.min(...years), Math.max(...years)];
  if (first === last) return buckets(entries, String(first));
  return Array.from({ length: last - first + 1 }, (_, i) => count(String(first + i)));
}
// The same length of time, just before or after.
export function beside(zoom: Zoom, step: 1 | -1): Zoom {
  const [year, month, day] = zoom.split('-').map(Number) as [number, number?, number?];
  if (month === undefined) return String(year + step);
  if (day === undefined) return new Date(Date.UTC(year, month - 1 + step, 1)).toISOString().slice(0, 7);
  return new Date(Date.UTC(year, month - 1, day + step)).toISOString().slice(0, 10);
}
