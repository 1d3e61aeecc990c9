// The family conference that the guest came to, and the messages of a supporter. The words of the family and its key stay in this
// page's memory: with the page they are gone.
import { asProblem, newKey, type AnswerTo, type Problem } from '../../lib/api';
import { guestApi } from '../../lib/guest.svelte';
import { keyOf, makeWords, seal, unseal, type Note } from './seal';

export type Conference = NonNullable<AnswerTo<'/v1/guest/conference'>['conference']>;
export type Message = AnswerTo<'/v1/guest/messages'>['messages'][number];
export interface Read extends Note {
  id: string;
  own: boolean;
  at: string;
}

let conference = $state.raw<Conference | null>(null);
let words = $state('');
let notes = $state.raw<Read[]>([]);
let closed = $state(0); // Notes that these words do not open.
let key: CryptoKey | null = null;

export const family = {
  get conference(): Conference | null {
    return conference;
  },
  get words(): string {
    return words;
  },
  get notes(): Read[] {
    return notes;
  },
  get closed(): number {
    return closed;
  },
  get hasWords(): boolean {
    return conference?.notes.some((one) => one.words) ?? false;
  },
};

function forget(): void {
  [key, words, notes, closed] = [null, '', [], 0];
}
export function leaveFamily(): void {
  conference = null;
  forget();
}

export async function readConference(): Promise<Problem | null> {
  try {
    conference = (await guestApi.get('/v1/guest/conference')).data.conference;
  } catch (thrown) {
    return asProblem(thrown);
  }
  // Somebody of the family wiped all: what one knew opens nothing any more.
  if (key && !family.hasWords) forget();
  await openNotes();
  return null;
}

async function openNotes(): Promise<void> {
  if (!conference || !key) return;
  const all: Read[] = [];
  let left = 0;
  for (const one of conference.notes) {
    if (one.words) continue;
    const note = await unseal(key, conference.id, one.author, one);
    if (note) all.push({ ...note, id: one.id, own: one.own, at: one.at });
    else left += 1;
  }
  [notes, closed] = [all, left];
}

// False: those are not the words of this family.
export async function useWords(said: string): Promise<boolean> {
  if (!conference) return false;
  const made = await keyOf(said, conference.id);
  const check = conference.notes.find((one) => one.words);
  if (!check || !(await unseal(made, conference.id, check.author, check))) return false;
  [key, words] = [made, said];
  await openNotes();
  return true;
}

// Made here and told to nobody: what goes to the agent shows the right words to whoever has them, and nothing to others.
export async function beginWords(name: string): Promise<Problem | null> {
  if (!conference) return null;
  const said = makeWords().join(' ');
  const made = await keyOf(said, conference.id);
  const sealed = await seal(made, conference.id, conference.guest, { name, text: '' });
  if (!sealed) return null;
  try {
    await guestApi.post('/v1/guest/conference/notes', { body: { ...sealed, words: true } });
  } catch (thrown) {
    await readConference();
    return asProblem(thrown);
  }
  [key, words] = [made, said];
  return readConference();
}

// 'long': more than one note holds.
export async function write(note: Note): Promise<Problem | 'long' | null> {
  if (!conference || !key) return null;
  const sealed = await seal(key, conference.id, conference.guest, note);
  if (!sealed) return 'long';
  try {
    await guestApi.post('/v1/guest/conference/notes', { body: sealed });
  } catch (thrown) {
    return asProblem(thrown);
  }
  return readConference();
}

export async function wipe(note: string): Promise<Problem | null> {
  try {
    await guestApi.remove('/v1/guest/conference/notes/{note}', { path: { note } });
  } catch (thrown) {
    return asProblem(thrown);
  }
  return readConference();
}
export async function wipeAll(): Promise<Problem | null> {
  try {
    await guestApi.remove('/v1/guest/conference/notes', {});
  } catch (thrown) {
    return asProblem(thrown);
  }
  forget();
  return readConference();
}

export async function handOver(text: string, once = newKey()): Promise<Problem | null> {
  try {
    await guestApi.send('/v1/guest/conference/plan', { key: once, body: { text } });
  } catch (thrown) {
    return asProblem(thrown);
  }
  return readConference();
}

export const readMessages = async (): Promise<Message[]> => (await guestApi.get('/v1/guest/messages')).data.messages;
export type Offer = AnswerTo<'/v1/guest/offers'>['offers'][number];
export const readOffers = async (): Promise<Offer[]> => (await guestApi.get('/v1/guest/offers')).data.offers;
export const writeMessage = async (text: string, once = newKey()): Promise<void> => {
  await guestApi.send('/v1/guest/messages', { key: once, body: { text } });
};
