// Who receives it, said before the button.
import { cleanup, render, screen, waitFor } from '@testing-library/svelte';
import { afterEach, expect, test, vi } from 'vitest';
import { Problem } from '../src/lib/api';
import ReceiverPreview from '../src/lib/components/ReceiverPreview.svelte';
import RecordView from '../src/lib/components/RecordView.svelte';
import { t } from '../src/lib/i18n.svelte';
import { toastSent } from '../src/lib/receivers';
import { toasts } from '../src/lib/toasts.svelte';

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

test('what was asked while there was no line is asked again once there is', async () => {
  const sent = { data: { reaches: [{ id: 'kjp', name: 'De Brug' }], unreached: [] }, etag: '', status: 200 };
  const ask = vi.fn().mockRejectedValueOnce(new Problem(0, { rule: 'page.offline' })).mockResolvedValue(sent);
  render(ReceiverPreview, { purpose: 'consultation', categories: ['living'], ready: true, ask });
  await waitFor(() => expect(screen.getByRole('alert')).toBeTruthy());
  expect(ask).toHaveBeenCalledTimes(1);
  window.dispatchEvent(new Event('schakel:back'));
  await waitFor(() => expect(ask).toHaveBeenCalledTimes(2));
  await waitFor(() => expect(screen.queryByRole('alert')).toBeNull());
});

const org = (id: string): { id: string; name: string } => ({ id, name: id.toUpperCase() });
test('whose grant only the lead knows is not said to receive it', async () => {
  vi.stubGlobal('fetch', () => Promise.resolve(new Response(JSON.stringify({ grants: [], next: null }))));
  const sent = { data: { reaches: [org('kjp'), org('caw')], unreached: [], unsure: [org('kjp')] }, etag: '', status: 200 };
  render(ReceiverPreview, { trajectory: 't1', purpose: 'consultation', categories: ['living'], ready: true, ask: async () => sent as never });
  await screen.findByText(t('receivers.perhaps'));
  expect(screen.getAllByText(t('receivers.receives'))).toHaveLength(1);
  expect(screen.getByRole('status').textContent).toBe(`${t('receivers.goes_to', { names: 'CAW' })} KJP: ${t('receivers.perhaps_why')}`);
});
test('what one could not have before is offered all the same, also after nothing was chosen', async () => {
  const answer = (...reaches: string[]) => ({ data: { reaches: reaches.map(org), unreached: [] }, etag: '', status: 200 }) as never;
  const ask = vi.fn().mockResolvedValueOnce(answer('kjp')).mockResolvedValue(answer('kjp', 'caw'));
  const props = { trajectory: 't1', purpose: 'consultation', choose: true, ready: true, ask };
  const { rerender } = render(ReceiverPreview, { ...props, categories: ['health'] });
  await waitFor(() => expect(screen.getAllByRole('checkbox', { checked: true })).toHaveLength(1));
  await rerender({ ...props, categories: [], ready: false });
  await rerender({ ...props, categories: ['living'], ready: true });
  await waitFor(() => expect(screen.getAllByRole<HTMLInputElement>('checkbox', { checked: true }).map((one) => one.value)).toContain('caw'));
});
test('after sending it is said who did not get it, and what to do', () => {
  const unreached = [{ organisation: org('kjp'), reason: 'not-told', label: '', next: 'Vraag de regie.' }] as never;
  toastSent({ state: 'accepted', reaches: [org('caw')], unreached }, 'Verstuurd.', 'Bewaard.');
  expect(toasts().at(-1)).toMatchObject({ tone: 'bad', text: 'Verstuurd. KJP krijgt het niet. Vraag de regie.' });
  toastSent({ state: 'accepted', reaches: [], unreached }, 'Verstuurd.', 'Bewaard.');
  expect(toasts().at(-1)!.text).toBe(`${t('receivers.nobody')} KJP krijgt het niet. Vraag de regie.`);
  toastSent({ state: 'accepted', reaches: [org('caw')], unreached: [] }, 'Verstuurd.', 'Bewaard.');
  expect(toasts().at(-1)!.text).toBe('Verstuurd.');
});
test('a record says whom it went to, and whom not', () => {
  const record = { id: 'r', author: org('gent'), at: '2026-11-01T10:00:00Z', kind: 'note', purpose: 'consultation', categories: [], state: 'accepted', body: { type: 'note', text: 'x' }, recipients: [org('caw'), org('kjp')], unreached: [{ organisation: org('kjp'), reason: 'not-told', label: '', next: 'Vraag de regie.' }] };
  render(RecordView, { record: record as never });
  expect(screen.getByText(t('record.went_to', { names: 'CAW' }))).toBeTruthy();
  expect(screen.getByText('KJP krijgt het niet. Vraag de regie.')).toBeTruthy();
});
