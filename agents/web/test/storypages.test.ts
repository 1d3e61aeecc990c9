// The story of a trajectory comes in parts: what is before is fetched when somebody goes on, or looks at a time before.
import { cleanup, fireEvent, render, screen } from '@testing-library/svelte';
import { afterEach, expect, test, vi } from 'vitest';
import type { Schemas } from '../src/lib/api';
import { t } from '../src/lib/i18n.svelte';
import Story from '../src/pages/trajectory/Story.svelte';

afterEach(() => {
  cleanup();
  location.hash = '';
  vi.unstubAllGlobals();
});
const org = { id: 'gent', name: 'GENT' };
const item = (id: string, at: string): Schemas['Item'] => ({ id, kind: 'note', author: org, at, purpose: 'consultation', categories: [], state: 'accepted', sealed: undefined as never });
const part = (items: Schemas['Item'][], next: string | null): Schemas['Trajectory'] =>
  ({ id: 't1', opened_at: '2023-01-05T09:00:00Z', opening: 'o', items, items_next: next, items_total: 3, grants: [], frames: [], consultations: [], tables: [], handovers: [], lead_offer: null, withheld: [], members: [] }) as unknown as Schemas['Trajectory'];
function answers(...parts: Schemas['Trajectory'][]): string[] {
  const asked: string[] = [];
  vi.stubGlobal('fetch', (url: string) => {
    asked.push(url);
    return Promise.resolve(new Response(JSON.stringify(parts[Math.min(asked.length, parts.length) - 1]), { headers: { 'Content-Type': 'application/json' } }));
  });
  return asked;
}
const newest = part([item('c', '2026-03-01T10:00:00Z')], 'c');

test('nothing before the newest part is shown as if it were all', async () => {
  const asked = answers(part([item('b', '2024-06-01T10:00:00Z')], 'b'), part([item('a', '2023-02-01T10:00:00Z')], null));
  render(Story, { trajectory: newest });
  expect(document.querySelectorAll('ol.items > li')).toHaveLength(1);
  expect(asked).toEqual([]);
  await fireEvent.click(screen.getByRole('button', { name: t('story.older') }));
  await vi.waitFor(() => expect(document.querySelectorAll('ol.items > li')).toHaveLength(2));
  expect(asked[0]).toContain('before=c');
  await fireEvent.click(screen.getByRole('button', { name: t('story.older') }));
  await vi.waitFor(() => expect(document.querySelectorAll('ol.items > li')).toHaveLength(4)); // With the opening.
  expect(asked[1]).toContain('before=b');
  expect(screen.queryByRole('button', { name: t('story.older') })).toBeNull();
});

test('a year before it is fetched until it is whole', async () => {
  const asked = answers(part([item('b', '2024-06-01T10:00:00Z')], 'b'), part([item('a', '2023-02-01T10:00:00Z')], null));
  location.hash = '#/trajectories/t1?zoom=2024';
  window.dispatchEvent(new HashChangeEvent('hashchange'));
  render(Story, { trajectory: newest });
  await vi.waitFor(() => expect(asked).toHaveLength(2));
  await vi.waitFor(() => expect(document.querySelectorAll('ol.items > li')).toHaveLength(1));
});
