// Days and hours as they are typed: what is none is said where it stands, and nothing is sent.
import { cleanup, fireEvent, render, screen } from '@testing-library/svelte';
import { afterEach, expect, test, vi } from 'vitest';
import type { Schemas } from '../src/lib/api';
import SlotField from '../src/lib/components/SlotField.svelte';
import { t } from '../src/lib/i18n.svelte';
import { noteReached } from '../src/lib/net.svelte';
import Poll from '../src/pages/table/Poll.svelte';
import TableNew from '../src/pages/TableNew.svelte';
import Goals from '../src/pages/trajectory/Goals.svelte';

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});
const type = (field: HTMLElement, value: string) => fireEvent.input(field, { target: { value } });
const wrong = (): (string | null)[] => [...document.querySelectorAll('[aria-invalid="true"]')].map((one) => document.querySelector(`label[for="${one.id}"]`)!.textContent);

test('an hour that is none is wrong where it stands; what is missing, once one goes on', async () => {
  render(SlotField, { name: 'slot', label: 'Datum 1', value: null });
  await type(screen.getByLabelText(t('slot.day')), '31/2/2099');
  expect(wrong()).toEqual([t('slot.day')]);
  await type(screen.getByLabelText(t('slot.day')), '3/2/2099');
  expect(wrong()).toEqual([]);
  await type(screen.getByLabelText(t('slot.from')), '25:00');
  expect(wrong()).toEqual([t('slot.from')]);
  await type(screen.getByLabelText(t('slot.from')), '');
  expect(wrong()).toEqual([]);
  await fireEvent.focusOut(screen.getByLabelText(t('slot.from')));
  expect(wrong()).toEqual([t('slot.from'), t('slot.until')]);
});

test('a second date that is none stops the proposal', async () => {
  const asked = vi.fn((_: string, __?: RequestInit) => Promise.resolve(new Response(JSON.stringify({ trajectories: [], categories: [], purposes: [], organisations: [], members: [], grants: [] }))));
  vi.stubGlobal('fetch', asked);
  location.hash = `#/tables/new?trajectory=${'a'.repeat(32)}`;
  await new Promise((done) => setTimeout(done, 10));
  render(TableNew);
  await type(document.querySelector<HTMLElement>('input[name=title]')!, 'Overleg');
  const days = screen.getAllByLabelText(t('slot.day'));
  for (const [i, hours] of [['14:00', '15:00'], ['25:00', '26:00']].entries()) {
    await type(days[i]!, '3/2/2099');
    await type(screen.getAllByLabelText(t('slot.from'))[i]!, hours[0]!);
    await type(screen.getAllByLabelText(t('slot.until'))[i]!, hours[1]!);
  }
  await fireEvent.submit(document.querySelector('form')!);
  await vi.waitFor(() => expect(document.activeElement).toBe(screen.getAllByLabelText(t('slot.from'))[1]));
  expect(asked.mock.calls.filter(([url, init]) => url.endsWith('/tables') && init?.method === 'POST' && !String(init.body).includes('"preview":true'))).toEqual([]);
});

test('whoever is answered first says to all that the line is back', () => {
  const back = vi.fn();
  window.addEventListener('schakel:back', back);
  noteReached(true);
  expect(back).not.toHaveBeenCalled();
  noteReached(false);
  noteReached(true);
  noteReached(true);
  expect(back).toHaveBeenCalledTimes(1);
  window.removeEventListener('schakel:back', back);
});

const org = (id: string): { id: string; name: string } => ({ id, name: id.toUpperCase() });
test('what a guest chose stands under the guest', () => {
  const slot = { begins_at: '2099-01-01T13:00:00Z', ends_at: '2099-01-01T14:00:00Z' };
  const vote = (id: string, comment: string): object => ({ id, kind: 'meeting-vote', author: org('gent'), body: { type: 'vote', choices: ['yes'], comment } });
  const one = { convener: org('gent'), outstanding: [], required: [], terms: null, date: null, poll: [{ slot, yes: 1, maybe: 0, no: 0, open: true, found: false }], guests: [{ id: 'g', name: 'Sam', who: 'young-person', voted: true, vote: 'v', outstanding: false }], thread: [vote('v', 'Liever niet te vroeg.')] };
  render(Poll, { one: one as never });
  expect(screen.getByText('Liever niet te vroeg.', { exact: false }).textContent).toBe('Sam: Liever niet te vroeg.');
  expect(document.body.textContent).not.toContain('GENT');
});

test('what may no longer be read is not counted as not reached', async () => {
  const goal = { id: 'g', author: org('kjp'), owners: [], record: null, progress: [], reviews: [] };
  const answers: Record<string, object> = { goals: { goals: [goal], next: null }, criteria: { criteria: [{ id: 'c', author: org('kjp'), record: null, met: false, judgement: null }], next: null } };
  vi.stubGlobal('fetch', (url: string) => Promise.resolve(new Response(JSON.stringify(answers[url.split('?')[0]!.split('/').at(-1)!]))));
  render(Goals, { trajectory: { id: 't', members: [], items: [] } as unknown as Schemas['Trajectory'], can: true });
  await vi.waitFor(() => expect(screen.getAllByText(t('goals.unread'))).toHaveLength(2));
  for (const one of [t('goals.no_progress'), t('goals.not_met'), t('goals.met', { met: 0, all: 1 })]) expect(screen.queryByText(one)).toBeNull();
});
