// What a family writes among itself: only its own words open it.
import { render, screen } from '@testing-library/svelte';
import { beforeEach, expect, test, vi } from 'vitest';
import { enter } from '../src/lib/guest.svelte';
import { beginWords, family, leaveFamily, readConference, useWords, write } from '../src/pages/guest/family.svelte';
import GuestFamily from '../src/pages/guest/GuestFamily.svelte';
import GuestMessages from '../src/pages/guest/GuestMessages.svelte';
import { keyOf, makeWords, seal, spoken, unknownWords, unseal, wordsNeeded } from '../src/pages/guest/seal';
import { list } from '../src/pages/guest/wordlist';

const conference = 'c0'.repeat(16);
const author = 'a1'.repeat(16);
const words = 'oma fiets brood zon water brug lamp';
const note = { name: 'Els', text: 'Sam blijft bij tante Mia — voorlopig.' };
const sizeOf = (sealed: string): number => atob(sealed).length;

test('words are of a list of 512, each once, and seven are 63 bits', () => {
  expect(list).toHaveLength(512);
  expect(new Set(list).size).toBe(512);
  expect(list.every((word) => /^[a-z]+$/.test(word))).toBe(true);
  const made = makeWords();
  expect(made).toHaveLength(wordsNeeded);
  expect(unknownWords(made.join(' '))).toEqual([]);
  expect(wordsNeeded * Math.log2(list.length)).toBeGreaterThanOrEqual(60);
  expect(makeWords()).not.toEqual(made);
});

test('how words are typed does not matter, which ones does', () => {
  expect(spoken('  Oma, FIETS\n brood.')).toBe('oma fiets brood');
  expect(unknownWords('oma fiest')).toEqual(['fiest']);
});

test('a note comes back with the same words, and says nothing on its way', async () => {
  const key = await keyOf(words, conference);
  const sealed = (await seal(key, conference, author, note))!;
  expect(await unseal(await keyOf(` ${words.toUpperCase()} `, conference), conference, author, sealed)).toEqual(note);
  expect(atob(sealed.sealed)).not.toContain('Mia');
  expect(JSON.stringify(sealed)).not.toContain('Els');
  expect(atob(sealed.nonce)).toHaveLength(12);
  expect((sizeOf(sealed.sealed) - 16) % 512).toBe(0);
  const other = (await seal(key, conference, author, note))!;
  expect(other.nonce).not.toBe(sealed.nonce);
  const longer = (await seal(key, conference, author, { ...note, text: `${note.text} ja` }))!;
  expect(sizeOf(longer.sealed)).toBe(sizeOf(sealed.sealed));
  expect(await seal(key, conference, author, { name: '', text: 'x'.repeat(17_000) })).toBeNull();
});

test('other words, another conference, another author or a changed byte open nothing', async () => {
  const key = await keyOf(words, conference);
  const sealed = (await seal(key, conference, author, note))!;
  expect(await unseal(await keyOf(words.replace('oma', 'opa'), conference), conference, author, sealed)).toBeNull();
  expect(await unseal(await keyOf(words, author), conference, author, sealed)).toBeNull();
  expect(await unseal(key, author, author, sealed)).toBeNull();
  expect(await unseal(key, conference, conference, sealed)).toBeNull();
  for (const at of [0, 100, sizeOf(sealed.sealed) - 1]) {
    const bytes = [...atob(sealed.sealed)].map((one) => one.charCodeAt(0));
    bytes[at]! ^= 1;
    expect(await unseal(key, conference, author, { ...sealed, sealed: btoa(String.fromCharCode(...bytes)) })).toBeNull();
  }
  expect(await unseal(key, conference, author, { ...sealed, sealed: 'geen base64!' })).toBeNull();
});

// ---- The page, with an agent that keeps what it gets ----
interface Kept {
  nonce: string;
  sealed: string;
  words: boolean;
}
let kept: Kept[] = [];
let sent: string[] = [];
let phase = 'private';
let links: { at: string; by: { id: string; name: string; sector: string } }[] = [];
const meeting = {
  title: 'Conferentie', kind: 'round-table', place: '', agenda: '', invited_by: 'Huis Zuid', guest: { name: 'Els', who: 'mother' },
  dates: [], answer_by: null, date: null, occurrences: [], revision: 1, answer: null, csrf: 'value',
};
const shown = () => ({
  conference: {
    id: conference, guest: author, coordinator: 'Ria', question: 'Waar woont Sam?', at: null, phase, plan: null, new_links: links,
    notes: kept.map((one, i) => ({ ...one, id: `${i}`.padStart(32, '0'), author, own: true, at: '2026-12-03T14:00:00Z' })),
  },
});
beforeEach(() => {
  [kept, sent, phase, links] = [[], [], 'private', []];
  leaveFamily();
  vi.stubGlobal('fetch', (url: string, init: RequestInit) => {
    if (typeof init.body === 'string') sent.push(init.body);
    const answer = (status: number, body: unknown) => Promise.resolve(new Response(JSON.stringify(body), { status, headers: { 'Content-Type': 'application/json' } }));
    if (url.endsWith('/meeting')) return answer(200, meeting);
    if (url.endsWith('/messages')) return answer(200, { messages: [{ at: '2026-12-03T14:00:00Z', own: false, by: 'Nora', text: 'Kunt u zaterdag?' }] });
    if (url.endsWith('/notes') && init.method === 'POST') {
      const body = JSON.parse(init.body as string) as Kept;
      kept.push({ ...body, words: body.words ?? false });
      return answer(201, shown().conference.notes.at(-1));
    }
    return answer(url.endsWith('/conference') ? 200 : 201, url.endsWith('/conference') ? shown() : { csrf: 'value', expires_at: '2026-12-03T14:00:00Z' });
  });
});

test('one makes the words, another opens with them, and neither word nor note leaves in clear', async () => {
  await enter('secret');
  expect(await readConference()).toBeNull();
  expect(family.hasWords).toBe(false);
  expect(await beginWords('Els')).toBeNull();
  const said = family.words;
  expect(said.split(' ')).toHaveLength(wordsNeeded);
  expect(await write({ name: 'Els', text: 'Sam blijft bij tante Mia' })).toBeNull();
  expect(family.notes.map((one) => one.text)).toEqual(['Sam blijft bij tante Mia']);
  leaveFamily();
  expect(family.words).toBe('');
  await readConference();
  expect(family.notes).toEqual([]);
  expect(await useWords('oma oma oma oma oma oma oma')).toBe(false);
  expect(await useWords(said)).toBe(true);
  expect(family.notes.map((one) => one.text)).toEqual(['Sam blijft bij tante Mia']);
  expect(sent.filter((one) => one.includes('Mia') || one.includes(said) || one.includes('Els'))).toEqual([]);
});

test('the page asks for the words, and shows nothing of what is sealed before it has them', async () => {
  await enter('secret');
  await readConference();
  await beginWords('Els');
  await write({ name: 'Els', text: 'Sam blijft bij tante Mia' });
  leaveFamily();
  await readConference();
  render(GuestFamily, { conference: family.conference! });
  expect(screen.getByRole('heading', { level: 1 })).toBeTruthy();
  expect(document.body.textContent).not.toContain('Mia');
  expect(document.querySelector('textarea')!.getAttribute('spellcheck')).toBe('false');
});

test('the family sees that a link was made in the meantime, and by whom', async () => {
  await enter('secret');
  await readConference();
  const { unmount } = render(GuestFamily, { conference: family.conference! });
  expect(document.body.textContent).not.toContain('Huis Zuid');
  unmount();
  links = [{ at: '2026-12-03T14:10:00Z', by: { id: 'huis-zuid', name: 'Huis Zuid', sector: 'youth-care' } }];
  await readConference();
  render(GuestFamily, { conference: family.conference! });
  expect(document.body.textContent).toContain('Huis Zuid');
});

test('a supporter reads who wrote, and what', async () => {
  render(GuestMessages);
  expect(await screen.findByText('Kunt u zaterdag?')).toBeTruthy();
  expect(screen.getByText('Nora')).toBeTruthy();
});
