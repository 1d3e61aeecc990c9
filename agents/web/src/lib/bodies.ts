// The words of a record, by what it is. A record of which the words are sealed, unread or of a newer version has none.
import type { Schemas } from './api';

type Slot = Schemas['Slot'];
export type Choice = 'yes' | 'maybe' | 'no';
export type Client = 'young-person' | 'mother' | 'father' | 'other';
export type Attending = 'accepted' | 'tentative' | 'declined';
export const choices: Choice[] = ['yes', 'maybe', 'no'];
export const clients: Client[] = ['young-person', 'mother', 'father', 'other'];
export const attendings: Attending[] = ['accepted', 'tentative', 'declined'];

export interface Bodies {
  question: { subject: string; question: string; urgency: 'normal' | 'soon' | 'today' | 'crisis'; answer_by: string | null };
  answer: { text: string };
  conclusion: { taken: 'yes' | 'partly' | 'no'; why: string };
  reveal: { question: string; text: string };
  proposal: {
    title: string;
    kind: string;
    place: string;
    slots: Slot[];
    clients_invited: boolean;
    why_not: string;
    agenda: string;
    left_out?: Client[];
    family_first?: boolean;
    answer_by?: string | null;
  };
  vote: { choices: Choice[]; comment: string; by_link?: boolean };
  fixed: { slot: Slot; place: string; every_weeks?: number; times?: number; occurrence?: string | null; reason?: string };
  report: { text: string; decisions: string[]; attendance: { name: string; present: boolean }[] };
  cancelled: { why: string; occurrence: string | null };
  attending: { attending: Attending; comment: string; counter: Slot | null; occurrence: string | null; by_link?: boolean };
  guest: { name: string; who: Client; address: string };
  action: { text: string; owner: string; with: string; due_at: string };
  attachment: { name: string; media_type: string; size: number; sha256: string; caption: string };
}

export function bodyOf<K extends keyof Bodies>(record: object | null | undefined, type: K): Bodies[K] | null {
  const { body } = (record ?? {}) as { body?: ({ type: string } & Bodies[K]) | null };
  return body?.type === type ? body : null;
}
// The last of them, of a thread in the order of time.
export function lastOf<K extends keyof Bodies>(thread: Schemas['Record'][], type: K): { record: Schemas['Record']; body: Bodies[K] } | null {
  for (const record of [...thread].reverse()) {
    const body = bodyOf(record, type);
    if (body) return { record, body };
  }
  return null;
}
