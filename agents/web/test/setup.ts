// What jsdom lacks of a browser.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import 'fake-indexeddb/auto';

// The words are files of the page itself.
const elsewhere = globalThis.fetch;
globalThis.fetch = (what, init) => {
  const words = /\/src\/i18n\/\w+\.json$/.exec(String(what))?.[0];
  return words ? Promise.resolve(new Response(readFileSync(join(import.meta.dirname, '..', words)))) : elsewhere(what, init);
};

HTMLDialogElement.prototype.showModal ??= function (this: HTMLDialogElement) {
  this.open = true;
};
HTMLDialogElement.prototype.close ??= function (this: HTMLDialogElement) {
  this.open = false;
  this.dispatchEvent(new Event('close'));
};

const { speak } = await import('../src/lib/i18n.svelte');
await speak('nl');
