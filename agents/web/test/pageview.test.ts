// Going from part to part of a page keeps what stands around them, and what was read; another address is another page.
import { cleanup, render } from '@testing-library/svelte';
import { createRawSnippet, type Component } from 'svelte';
import { afterEach, expect, test, vi } from 'vitest';
import type { Found, PageRoute } from '../src/lib/router.svelte';
import PageView from '../src/shell/PageView.svelte';

vi.stubGlobal('scrollTo', () => {}); // What jsdom lacks.
afterEach(cleanup);
let made = 0;
const words = createRawSnippet(() => ({ render: () => `<h1>${++made}</h1>` }));
const Page = ((anchor: Comment) => (words as unknown as (at: Comment) => void)(anchor)) as unknown as Component;
const route = (parts: boolean): PageRoute => ({ path: '', title: 'trajectory.title', parts, load: () => Promise.resolve({ default: Page }) });
interface View {
  rerender: (props: { found: Found; bare: boolean }) => Promise<void>;
}
async function go(view: View | null, found: Found): Promise<View> {
  location.hash = `#/${Object.values(found.params).join('/')}`;
  window.dispatchEvent(new HashChangeEvent('hashchange'));
  if (view) await view.rerender({ found, bare: true });
  const now = view ?? render(PageView, { found, bare: true });
  await vi.waitFor(() => expect(document.querySelector('h1')).not.toBeNull());
  return now;
}
const at = (): string => document.querySelector('h1')!.textContent!;

test('a part of the same trajectory is the same page; another trajectory is not', async () => {
  made = 0;
  const view = await go(null, { route: route(true), params: { trajectory: 'a' } });
  expect(at()).toBe('1');
  await go(view, { route: route(true), params: { trajectory: 'a', tab: 'goals' } });
  expect(at()).toBe('1');
  await go(view, { route: route(true), params: { trajectory: 'b', tab: 'goals' } });
  await vi.waitFor(() => expect(at()).toBe('2'));
});
test('elsewhere each address is a page of its own', async () => {
  made = 0;
  const view = await go(null, { route: route(false), params: { trajectory: 'a' } });
  await go(view, { route: route(false), params: { trajectory: 'a', tab: 'goals' } });
  await vi.waitFor(() => expect(at()).toBe('2'));
});
