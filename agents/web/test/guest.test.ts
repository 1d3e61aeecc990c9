// A guest's way in, and the words of a page that the agent made.
import { render, screen } from '@testing-library/svelte';
import { beforeEach, expect, test, vi } from 'vitest';
import { plainPage } from '../src/lib/plainpage';
import { enter, guest, leaveGuest, withdraw } from '../src/lib/guest.svelte';
import { match } from '../src/lib/router.svelte';
import { routes } from '../src/routes';
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
