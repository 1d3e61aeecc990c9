// What one writes is kept at once, and no longer than it stands there.
import { cleanup, fireEvent, render, screen } from '@testing-library/svelte';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Schemas } from '../src/lib/api';
import { acts } from '../src/lib/acts';
import type { Context } from '../src/lib/acts/act';
import ActForm from '../src/lib/acts/ActForm.svelte';
import { forgetDrafts, openDrafts, readDraft } from '../src/lib/drafts';
import { t } from '../src/lib/i18n.svelte';
import { toasts } from '../src/lib/toasts.svelte';

const trajectory = { id: 't1', stage: 'capable', members: [{ organisation: { id: 'gent', name: 'Gent' }, status: 'joined', lead: true, self: true }], grants: [], frames: [], items: [] } as unknown as Schemas['Trajectory'];
const context: Context = { trajectory, item: '', profiles: [], found: null };
const draft = 'said figure.t1.';
const kept = async (): Promise<string | undefined> => (await readDraft<{ name: string }>(draft))?.value.name;
async function shown(): Promise<HTMLInputElement> {
  render(ActForm, { props: { name: 'figure', act: acts.figure!, context } });
  const field = document.querySelector<HTMLInputElement>('input[name=name]')!;
  await readDraft(draft); // The form looked before.
  await new Promise((done) => setTimeout(done, 20));
  return field;
}

describe('a draft', () => {
  beforeEach(async () => {
    vi.stubGlobal('fetch', () => Promise.resolve(new Response('{}')));
    await forgetDrafts();
    await openDrafts('nora');
  });
  afterEach(() => {
    cleanup();
    vi.unstubAllGlobals();
  });
  test('is kept of what was typed just before one leaves', async () => {
    await fireEvent.input(await shown(), { target: { value: 'Oma' } });
    cleanup();
    await vi.waitFor(async () => expect(await kept()).toBe('Oma'), 400);
  });
  test('is gone once all of it was cleared', async () => {
    const field = await shown();
    await fireEvent.input(field, { target: { value: 'Oma' } });
    await vi.waitFor(async () => expect(await kept()).toBe('Oma'));
    await fireEvent.input(field, { target: { value: '' } });
    await vi.waitFor(async () => expect(await readDraft(draft)).toBeNull());
  });
  test('that is begun again comes back when one thinks better of it', async () => {
    const field = await shown();
    await fireEvent.input(field, { target: { value: 'Oma' } });
    await fireEvent.click(await screen.findByText(t('form.discard')));
    await vi.waitFor(async () => expect(await readDraft(draft)).toBeNull());
    expect(field.value).toBe('');
    toasts().at(-1)!.act!.run();
    await vi.waitFor(() => expect(field.value).toBe('Oma'));
    await vi.waitFor(async () => expect(await kept()).toBe('Oma'));
  });
  test('of which another tab writes too says so', async () => {
    await shown();
    const other = new BroadcastChannel('schakel-form');
    other.postMessage(draft);
    await screen.findByText(t('draft.elsewhere'));
    other.close();
  });
});
