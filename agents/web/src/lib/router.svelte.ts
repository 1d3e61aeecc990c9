// Where the page is: #/trajectories/ID?closed=true. Ids alone, never words of a case; what follows the hash is not sent
// to anybody. Pages are fetched when they are first opened.
import type { Component } from 'svelte';
import type { Role } from './session.svelte';

export interface PageRoute {
  path: string; // '/trajectories/:trajectory'
  load: () => Promise<{ default: Component<any> }>; // eslint-disable-line -- each page has props of its own
  title: string; // The key of a name that tells of nobody: it goes into the browser's title.
  roles?: Role[]; // Who may; left out: whoever is signed in.
  open?: boolean; // Also without signing in.
  parts?: boolean; // One page, of which `tab` or `part` in the address says what of it.
  bare?: boolean; // Without the frame: guests, signing in.
}
export interface Place {
  path: string;
  query: Record<string, string>;
}
export interface Found {
  route: PageRoute;
  params: Record<string, string>;
}

export function parseHash(hash: string): Place {
  const [path = '', search = ''] = hash.replace(/^#/, '').split('?', 2);
  return { path: path.startsWith('/') ? path : `/${path}`, query: Object.fromEntries(new URLSearchParams(search)) };
}

export function match(routes: PageRoute[], path: string): Found | null {
  const given = path.split('/').filter(Boolean);
  for (const route of routes) {
    const wanted = route.path.split('/').filter(Boolean);
    if (wanted.length !== given.length) continue;
    const params: Record<string, string> = {};
    const fits = wanted.every((part, i) => {
      if (!part.startsWith(':')) return part === given[i];
      try {
        params[part.slice(1)] = decodeURIComponent(given[i]!);
        return true;
      } catch {
        return false;
      }
    });
    if (fits) return { route, params };
  }
  return null;
}

let place = $state.raw<Place>(parseHash(typeof location === 'undefined' ? '' : location.hash));
export const here = (): Place => place;

if (typeof window !== 'undefined') {
  window.addEventListener('hashchange', () => {
    place = parseHash(location.hash);
  });
}

export function href(path: string, query: Record<string, string | undefined> = {}): string {
  const asked = Object.entries(query).filter((one): one is [string, string] => one[1] !== undefined && one[1] !== '');
  return `#${path}${asked.length ? `?${new URLSearchParams(asked)}` : ''}`;
}
export function go(path: string, query: Record<string, string | undefined> = {}): void {
  location.hash = href(path, query);
}
// Another query of the same page: without a step in the history for each letter.
export function requery(query: Record<string, string | undefined>): void {
  history.replaceState(null, '', href(place.path, query));
  place = parseHash(location.hash);
}
