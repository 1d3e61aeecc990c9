import { describe, expect, test, vi } from 'vitest';
import { addDays, dateOf, daysOf, entriesOf, mondayOf, monthOf, slugOf, weekNumber } from '../src/lib/agenda';
import { bodyOf, lastOf } from '../src/lib/bodies';
import { endingOf, sizeWords } from '../src/lib/files';
import { placeOf } from '../src/lib/places';
import { Upload } from '../src/lib/uploads.svelte';

const trajectory = { id: 'a'.repeat(32), label: 'Traject 1' };
const item = (what: string, due: string | null, record = 'b'.repeat(32)) => ({ what, record, trajectory, from: null, kind: 'question', at: '2026-11-20T10:00:00Z', due, denial: null }) as never;
const table = (begins_at: string, state = 'fixed') => ({ id: 'c'.repeat(32), trajectory, state, date: { begins_at, ends_at: begins_at.replace(':00:00', ':30:00') } }) as never;

describe('the calendar', () => {
  test('begins a week on Monday, and counts weeks as in Belgium', () => {
    expect(slugOf(mondayOf(dateOf('2026-11-29')))).toBe('2026-11-23');
    expect(weekNumber(dateOf('2026-11-26'))).toBe(48);
    expect(weekNumber(dateOf('2026-12-31'))).toBe(53);
    expect(weekNumber(dateOf('2027-01-03'))).toBe(53);
    expect(weekNumber(dateOf('2027-01-04'))).toBe(1);
  });
  test('keeps its days when the clock changes', () => {
    const days = daysOf(mondayOf(dateOf('2026-10-25')), 14, [], null).map((one) => slugOf(one.date));
    expect(days).toEqual(['19', '20', '21', '22', '23', '24', '25', '26', '27', '28', '29', '30', '31'].map((day) => `2026-10-${day}`).concat('2026-11-01'));
    expect(slugOf(addDays(dateOf('2027-03-27'), 1))).toBe('2027-03-28');
  });
  test('has as many weeks as the month needs', () => {
    expect(monthOf(dateOf('2027-02-15')).weeks).toBe(4);
    expect(monthOf(dateOf('2026-11-15')).weeks).toBe(6);
  });
  test('shows meetings and what is due, on the Belgian day, in order', () => {
    const now = new Date('2026-11-26T12:00:00Z');
    const all = entriesOf([table('2026-11-26T23:30:00Z'.replace('30', '00')), table('2026-11-27T09:00:00Z', 'cancelled')], [item('answer', '2026-11-25T09:00:00Z'), item('action', null)], now);
    expect(all.map((one) => [one.at.slice(0, 10), one.late])).toEqual([['2026-11-25', true], ['2026-11-26', false]]);
    const [thursday, friday] = daysOf(dateOf('2026-11-26'), 2, all, 11, now);
    expect([thursday!.entries.length, thursday!.today, friday!.entries.length, friday!.today]).toEqual([0, true, 1, false]);
  });
  test('takes an address that is no day as today', () => {
    expect(slugOf(dateOf('morgen', new Date('2026-11-26T23:30:00Z')))).toBe('2026-11-27');
  });
});

test('what waits leads to the question or the meeting', () => {
  expect(placeOf(item('answer-late', null))).toBe(`#/consultations/${'b'.repeat(32)}`);
  expect(placeOf(item('counter', null))).toBe(`#/tables/of/${'b'.repeat(32)}`);
  expect(placeOf(item('quorum', null))).toBe(`#/tables/${'b'.repeat(32)}`);
});

test('words are read as what they are', () => {
  const thread = [{ body: { type: 'proposal', title: 'een' } }, { body: { type: 'fixed', place: 'hier' } }, { body: { type: 'fixed', place: 'daar' } }, { body: null }] as never[];
  expect(lastOf(thread, 'fixed')?.body.place).toBe('daar');
  expect(bodyOf(thread[0]!, 'answer')).toBeNull();
  expect(bodyOf(null, 'answer')).toBeNull();
});

test('files say how large they are, and what they are', () => {
  expect(endingOf('verslag.van.vandaag.PDF')).toBe('pdf');
  expect(endingOf('zonder')).toBe('');
  expect(sizeWords(3_400_000)).toMatch(/^3,4\s?MB$/);
  expect(sizeWords(812)).toContain('812');
});

describe('an upload', () => {
  const json = (status: number, body: unknown): Response => new Response(JSON.stringify(body), { status, headers: { 'Content-Type': 'application/json' } });
  test('goes on where it was: after an answer that was lost, and after a lost line', async () => {
    const bytes = 'abcdefghij';
    let there = '';
    const puts: number[] = [];
    vi.stubGlobal('fetch', async (url: string, init: RequestInit) => {
      if (init.method === 'POST') return json(201, { upload: 'u', offset: 0, part_bytes_max: 4 });
      const offset = Number(new URL(url, 'https://x').searchParams.get('offset'));
      puts.push(offset);
      if (puts.length === 3) {
        setTimeout(() => window.dispatchEvent(new Event('schakel:back')));
        throw new TypeError('no line');
      }
      if (offset !== there.length) return json(409, { rule: 'upload.offset', field: 'offset', value: String(there.length) });
      there += bytes.slice(offset, offset + 4);
      if (puts.length === 1) {
        setTimeout(() => window.dispatchEvent(new Event('schakel:back')));
        throw new TypeError('no line'); // It arrived, but nobody heard so.
      }
      return json(200, { upload: 'u', offset: there.length });
    });
    // A file of jsdom has no bytes that the browser's own hash takes.
    const file = Object.assign(new File([bytes], 'dag.txt'), { arrayBuffer: async () => new TextEncoder().encode(bytes) });
    const one = new Upload(file as unknown as File, { consultation: 'd'.repeat(32) }, '');
    await vi.waitFor(() => expect(one.state).toBe('here'));
    expect(there).toBe(bytes);
    expect(puts).toEqual([0, 0, 4, 4, 8]);
    expect(one.sha256).toBe('72399361da6a7754fec986dca5b7cbaf1c810a28ded4abaf56b2106d06cb78b0');
    vi.unstubAllGlobals();
  });
  test('that is refused says why, and keeps what one chose', async () => {
    vi.stubGlobal('fetch', async () => json(422, { rule: 'attachment.content', field: 'content', title: 'x' }));
    const one = new Upload(new File(['x'], 'dag.pdf'), { trajectory: 'e'.repeat(32) }, '');
    await vi.waitFor(() => expect(one.state).toBe('failed'));
    expect(one.problem?.rule).toBe('attachment.content');
    vi.unstubAllGlobals();
  });
});
