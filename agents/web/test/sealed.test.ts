// What is sealed is shown to an auditor who says why, and its file with it; nothing of it is asked for before.
import { Blob } from 'node:buffer';
import { cleanup, fireEvent, render, screen } from '@testing-library/svelte';
import { afterEach, expect, test, vi } from 'vitest';
import { t } from '../src/lib/i18n.svelte';
import { hashOf } from '../src/lib/files';
import { session } from '../src/lib/session.svelte';
import Sealed from '../src/pages/trajectory/Sealed.svelte';

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});
const file = new TextEncoder().encode('Wat er stond.');
const row = { record: 'ab'.repeat(16), sealed_at: '2026-03-01T10:00:00Z', keep_until: '2036-03-01T10:00:00Z', reason: '', destroyed_at: null, opened: [] };

async function world(content: { status: number; body: BodyInit }): Promise<string[]> {
  const asked: string[] = [];
  const record = { id: row.record, author: { id: 'gent', name: 'GENT' }, at: row.sealed_at, kind: 'attachment', purpose: 'consultation', categories: [], body: { type: 'attachment', name: 'verslag.txt', media_type: 'text/plain', size: file.length, sha256: await hashOf(file), caption: '' } };
  vi.stubGlobal('fetch', (url: string, init: RequestInit) => {
    asked.push(`${init.method} ${url.split('?')[0]}`);
    if (url.endsWith('/unsealed-content')) return Promise.resolve(new Response(content.body, { status: content.status, headers: { 'Content-Type': 'application/json' } }));
    const answer = url.endsWith('/unsealing') ? record : { sealed: [row], next: null };
    return Promise.resolve(new Response(JSON.stringify(answer), { headers: { 'Content-Type': 'application/json' } }));
  });
  // What jsdom lacks.
  vi.stubGlobal('Blob', Blob);
  Object.assign(URL, { createObjectURL: () => 'blob:x', revokeObjectURL: () => {} });
  vi.spyOn(session, 'has').mockReturnValue(true);
  return asked;
}
async function opened(): Promise<void> {
  render(Sealed, { trajectory: 't1' });
  await fireEvent.click(await screen.findByRole('button', { name: new RegExp(t('sealed.open')) }));
  await fireEvent.input(screen.getByLabelText(t('sealed.why')), { target: { value: 'Vraag van de rechter.' } });
  await fireEvent.submit(document.querySelector('form')!);
  await fireEvent.click(await screen.findByRole('button', { name: `${t('files.fetch')}: verslag.txt` }));
}

test('its file is fetched once it is opened, checked, and kept under its name', async () => {
  const asked = await world({ status: 200, body: file });
  const kept: string[] = [];
  vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(function (this: HTMLAnchorElement) {
    kept.push(this.download);
  });
  await opened();
  await vi.waitFor(() => expect(kept).toEqual(['verslag.txt']));
  const order = asked.filter((one) => one.includes('/records/'));
  expect(order).toEqual([`POST /v1/records/${row.record}/unsealing`, `GET /v1/records/${row.record}/unsealed-content`]);
});
test('what is not what was signed is not kept', async () => {
  await world({ status: 200, body: 'Iets anders.' });
  const save = vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(() => {});
  await opened();
  await screen.findByText(t('problem.page.file.title'));
  expect(save).not.toHaveBeenCalled();
});
