// A guest's way in, and the words of a page that the agent made.
import { cleanup, fireEvent, render, screen } from '@testing-library/svelte';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { plainPage } from '../src/lib/plainpage';
import { enter, guest, leaveGuest, withdraw } from '../src/lib/guest.svelte';
import { match } from '../src/lib/router.svelte';
import { routes } from '../src/routes';
import GuestCommitments from '../src/pages/guest/GuestCommitments.svelte';
import GuestMeeting from '../src/pages/guest/GuestMeeting.svelte';

const slot = { begins_at: '2026-12-03T13:00:00Z', ends_at: '2026-12-03T14:30:00Z' };
const meeting = {
  title: 'Rond de tafel', kind: 'round-table', place: 'Gent', agenda: '', invited_by: 'Huis Zuid', guest: { name: 'Noor', who: 'young-person' as const },
  dates: [{ ...slot, choice: null }], answer_by: null, date: null, occurrences: [], revision: 1, answer: null, csrf: 'value',
};
interface Asked {
  url: string;
  init: RequestInit;
}
let asked: Asked[] = [];
const answers = (of: (url: string) => [number, unknown]): void => {
  asked = [];
  vi.stubGlobal('fetch', (url: string, init: RequestInit) => {
    asked.push({ url, init });
    const [status, body] = of(url);
    return Promise.resolve(new Response(JSON.stringify(body), { status, headers: { 'Content-Type': 'application/json' } }));
  });
};
afterEach(cleanup);
beforeEach(() => answers((url) => (url.endsWith('/meeting') ? [200, meeting] : [201, { csrf: 'value', expires_at: slot.ends_at }])));

test('the secret goes in the body alone, and what changes something carries the csrf value', async () => {
  await enter('the-secret');
  expect(guest.state).toBe('in');
  expect(guest.young).toBe(true);
  expect(asked[0]!.url).toBe('/v1/guest/session');
  expect(asked[0]!.init.body).toBe(JSON.stringify({ token: 'the-secret' }));
  expect(asked.filter((one) => one.url.includes('the-secret'))).toEqual([]);
  await withdraw('aa11', '', 'one-key');
  const last = asked.at(-1)!;
  expect(last.url).toBe('/v1/guest/consents/aa11/withdrawal');
  expect(last.init.headers).toMatchObject({ 'Schakel-CSRF': 'value', 'Idempotency-Key': 'one-key' });
});

test('a link that does not work shows why, and nothing of a meeting', async () => {
  answers(() => [401, { rule: 'guest.link', title: 'Deze link werkt niet (meer).', next: 'Bel wie u uitnodigde.' }]);
  await enter('old');
  expect(guest.state).toBe('no-link');
  expect(guest.meeting).toBeNull();
  expect(guest.problem?.rule).toBe('guest.link');
});

test('what was shown goes when the guest leaves', async () => {
  await enter('the-secret');
  await leaveGuest();
  expect(guest.state).toBe('out');
  expect(guest.meeting).toBeNull();
});

test('a meeting without a date asks which dates suit', () => {
  render(GuestMeeting, { meeting });
  expect(screen.getByRole('heading', { level: 1 }).textContent).toContain('Noor');
  expect(screen.getByRole('group', { name: /3 december/ }).querySelectorAll('input[type=radio]').length).toBe(3);
});

test("a guest's own pages are not taken for links", () => {
  expect(match(routes, '/guest/own/seen')?.params).toEqual({ part: 'seen' });
  expect(match(routes, '/guest/own/consents')?.params).toEqual({ part: 'consents' });
  expect(match(routes, '/guest/abc')?.params).toEqual({ secret: 'abc' });
});

test('a page of the agent leaves words alone', () => {
  const element = document.createElement('div');
  element.append(plainPage('<html><head><title>x</title><style>p{}</style></head><body><h1 id="a" onclick="x()">Wie?</h1><p>Dag <a href="https://a.example">u</a><img src="x" onerror="y()"></p><script>z()</script></body></html>'));
  expect(element.innerHTML).toBe('<h2>Wie?</h2><p>Dag u</p>');
});

// What a guest signs with the text.
const goal = {
  id: 'a'.repeat(32), text: 'Terug naar school', state: 'as-signed', own: null, words: null, open: true,
  progress: [
    { organisation: 'Huis Zuid', who: null, how: 'organisation', at: slot.begins_at, progress: 'on-track' },
    { organisation: 'Huis Zuid', who: 'mother', how: 'paper', at: slot.begins_at, progress: 'stuck' },
  ],
};
const commitment = {
  id: 'b'.repeat(32), at: slot.begins_at, text: 'Elke week samen eten', parties: ['Huis Zuid'], persons: ['young-person', 'mother'], state: 'signed', said_at: slot.begins_at, words: '', open: true, active_since: slot.begins_at,
  goals: [goal], criteria: [{ id: 'c'.repeat(32), whose: 'young-person', text: 'Vier dagen op vijf', state: 'as-signed', met: false }], changed: false, renewal_due: false,
};
const withCommitment = (one: object): void => answers((url) => (url.endsWith('/commitments') ? [200, { commitments: [one] }] : [201, {}]));

test('who signed sees the goals with how far each finds them, and says so too', async () => {
  withCommitment(commitment);
  render(GuestCommitments);
  expect(await screen.findByText('Terug naar school')).toBeTruthy();
  expect(screen.getByText(/Vier dagen op vijf/)).toBeTruthy();
  const said = screen.getAllByRole('listitem').map((one) => one.textContent);
  expect(said.some((one) => one?.startsWith('Huis Zuid: op weg'))).toBe(true);
  expect(said.some((one) => one?.startsWith('moeder: zit vast') && one.includes('genoteerd door Huis Zuid'))).toBe(true);
  const say = screen.getByRole('button', { name: 'Zeg dit' });
  await fireEvent.click(say);
  expect(asked.filter((one) => one.init.method === 'POST')).toEqual([]);
  await fireEvent.click(screen.getByRole('radio', { name: 'gehaald' }));
  await fireEvent.click(say);
  await vi.waitFor(() => expect(asked.some((one) => one.url === `/v1/guest/commitments/${commitment.id}/progress`)).toBe(true));
  const sent = asked.find((one) => one.url.endsWith('/progress'))!;
  expect(JSON.parse(sent.init.body as string)).toEqual({ goal: goal.id, progress: 'reached' });
});

test('who did not sign yet is asked to sign, not how far it is', async () => {
  withCommitment({ ...commitment, state: 'outstanding', said_at: null, words: null, active_since: null });
  render(GuestCommitments);
  expect(await screen.findByRole('button', { name: 'Ik ga akkoord' })).toBeTruthy();
  expect(screen.queryByRole('button', { name: 'Zeg dit' })).toBeNull();
});

test('what was changed since is not signed', async () => {
  withCommitment({ ...commitment, state: 'outstanding', said_at: null, words: null, active_since: null, changed: true, goals: [{ ...goal, state: 'changed', open: false, progress: [] }] });
  render(GuestCommitments);
  expect(await screen.findByText('Dit doel is intussen anders.')).toBeTruthy();
  expect(screen.queryByRole('button', { name: 'Ik ga akkoord' })).toBeNull();
  expect(screen.getByRole('button', { name: 'Ik ga niet akkoord' })).toBeTruthy();
});
