// Shortcuts: g and a letter goes to a page, ? shows them all, / goes to the search of the page. Who does not want them
// turns them off (kept in the browser; it tells of nobody).
import { go } from '../lib/router.svelte';
import type { Route } from '../routes';

const kept = 'schakel.keys';
let on = $state(read());
function read(): boolean {
  try {
    return localStorage.getItem(kept) !== 'off';
  } catch {
    return true;
  }
}
export const keys = {
  get on(): boolean {
    return on;
  },
  set on(wanted: boolean) {
    on = wanted;
    try {
      localStorage.setItem(kept, wanted ? 'on' : 'off');
    } catch {
      // Until the page is closed, then.
    }
  },
};

const typing = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));

export function shortcuts(pages: () => Route[], help: () => void): (event: KeyboardEvent) => void {
  let went = 0; // When g was pressed.
  return (event) => {
    if (!on || event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || document.querySelector('dialog[open]')) return;
    if (Date.now() - went < 1500) {
      went = 0;
      const page = pages().find((one) => one.nav?.key === event.key);
      if (page) {
        event.preventDefault();
        go(page.path);
      }
      return;
    }
    if (event.key === 'g') went = Date.now();
    else if (event.key === '?') {
      event.preventDefault();
      help();
    } else if (event.key === '/') {
      const field = document.querySelector<HTMLElement>('main [type="search"]');
      if (field) {
        event.preventDefault();
        field.focus();
      }
    }
  };
}
