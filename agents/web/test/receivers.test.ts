// Who receives it, said before the button.
import { render, screen, waitFor } from '@testing-library/svelte';
import { expect, test, vi } from 'vitest';
import { Problem } from '../src/lib/api';
import ReceiverPreview from '../src/lib/components/ReceiverPreview.svelte';

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
