// Where one comes back to: what was found, what a form was opened with, which day a meeting is proposed for.
import { cleanup, fireEvent, render, screen } from '@testing-library/svelte';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { t } from '../src/lib/i18n.svelte';
import { waitingOf } from '../src/lib/net.svelte';
import { forgetWords } from '../src/lib/words.svelte';
import Act from '../src/pages/Act.svelte';
import Search from '../src/pages/Search.svelte';
import TableNew from '../src/pages/TableNew.svelte';
import { Proofs } from '../src/pages/audit/proof.svelte';

const json = (body: object): Response => new Response(JSON.stringify(body), { headers: { 'Content-Type': 'application/json' } });
beforeEach(() => forgetWords());
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});
async function at(hash: string): Promise<void> {
  location.hash = hash;
  await new Promise((done) => setTimeout(done, 10));
}

test('what one found still stands there after looking at it, and is not looked for again', async () => {
  const found = { id: 'r', kind: 'note', about: { id: 't', label: 'Sam' }, author: { id: 'gent', name: 'Gent' }, at: '2026-11-01T10:00:00Z', excerpt: [], thread: null };
  const asked = vi.fn(() => Promise.resolve(json({ results: [found], total: 1, next: null, since: null })));
  vi.stubGlobal('fetch', asked);
  await at('#/search');
  render(Search);
  await fireEvent.input(screen.getByRole('searchbox'), { target: { value: 'oma' } });
  await fireEvent.submit(screen.getByRole('search'));
  await screen.findByText('Sam');
  cleanup();
  render(Search);
  expect(await screen.findByText('Sam')).toBeTruthy();
  expect(screen.getByRole<HTMLInputElement>('searchbox').value).toBe('oma');
  expect(asked).toHaveBeenCalledTimes(1);
  cleanup();
  forgetWords(); // Signed out.
  render(Search);
  expect(screen.queryByText('Sam')).toBeNull();
});

test('a form opens without a line with what it was opened with before, and by itself once there is one', async () => {
  const trajectory = { id: 't', stage: 'capable', members: [], grants: [], frames: [], items: [] };
  const answer = (url: string): Promise<Response> => Promise.resolve(json(url.includes('/trajectories/t') ? { ...trajectory, grants: [] } : { categories: [], purposes: [], organisations: [], profiles: [] }));
  const away = (): Promise<Response> => Promise.reject(new TypeError('away'));
  await at('#/trajectories/t/do/figure');
  vi.stubGlobal('fetch', away);
  render(Act, { trajectory: 't', act: 'figure' });
  await screen.findByText(t('problem.page.offline.title'), {}, { timeout: 20_000 });
  expect(document.querySelector('form')).toBeNull();
  vi.stubGlobal('fetch', answer);
  window.dispatchEvent(new Event('schakel:back'));
  await vi.waitFor(() => expect(document.querySelector('form')).toBeTruthy());
  cleanup();
  vi.stubGlobal('fetch', away);
  render(Act, { trajectory: 't', act: 'figure' });
  await vi.waitFor(() => expect(document.querySelector('form')).toBeTruthy(), 20_000);
});

test('a review that is late is proposed for a working day, in the afternoon', async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: new Date('2026-11-27T22:00:00Z') }); // A Friday night.
  vi.stubGlobal('fetch', () => Promise.resolve(json({})));
  await at('#/tables/new?kind=evolution-review&day=2026-09-09T20:55:00Z');
  render(TableNew);
  const first = (label: string): string => screen.getAllByLabelText<HTMLInputElement>(label)[0]!.value;
  expect([first(t('slot.day')), first(t('slot.from')), first(t('slot.until'))]).toEqual(['30/11/2026', '14:00', '15:30']);
});

test('who only looked wrote nothing that waits', () => {
  expect(waitingOf({ outbox: 36, looks_waiting: 35 } as never)).toBe(1);
});

test('what is wrong with a proof is said in words', async () => {
  vi.stubGlobal('fetch', () => Promise.resolve(json({ pinned: { hub_key: 'hub+00+AA==', registrars: { keys: [], threshold: 1 } } })));
  const proofs = new Proofs([btoa('no proof')]);
  await proofs.run();
  expect(proofs.state).toBe('fault');
  expect(proofs.fault).toBe(t('proof_rule.unreadable'));
});
