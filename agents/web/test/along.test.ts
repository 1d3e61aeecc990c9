// The words of a file that goes with an anonymous question are read in pieces, none of which cuts a name in two.
import { afterEach, expect, test, vi } from 'vitest';
import { identifying, piecesOf, readPlain } from '../src/lib/anonymous';
import { Problem } from '../src/lib/api';

afterEach(() => vi.unstubAllGlobals());

test('pieces are the whole text, cut where a line or a word ends', () => {
  const text = Array.from({ length: 9000 }, (_, i) => `woord${i}${i % 12 === 11 ? '\n' : ' '}`).join('');
  const pieces = piecesOf(text);
  expect(pieces.length).toBeGreaterThan(2);
  expect(pieces.join('')).toBe(text);
  for (const piece of pieces) {
    expect(piece.length).toBeLessThanOrEqual(24_000);
    expect(piece).toMatch(/\s$/);
  }
  expect(piecesOf('  \n')).toEqual([]);
  expect(piecesOf('x'.repeat(50_000)).join('')).toHaveLength(50_000);
});

test('a file that is no text is not read as one', async () => {
  const file = (bytes: number[]) => ({ arrayBuffer: () => Promise.resolve(Uint8Array.from(bytes).buffer) }) as File;
  expect(await readPlain(file([0x68, 0xc3, 0xa9]))).toBe('hé');
  expect(await readPlain(file([0xff, 0xd8]))).toBeNull();
});

const answers = (...all: { status: number; body: unknown }[]) => {
  const asked: { subject: string; question: string; preview: boolean }[] = [];
  vi.stubGlobal('fetch', (_: string, init: RequestInit) => {
    asked.push(JSON.parse(init.body as string) as (typeof asked)[number]);
    const { status, body } = all[Math.min(asked.length, all.length) - 1]!;
    return Promise.resolve(new Response(JSON.stringify(body), { status, headers: { 'Content-Type': 'application/json' } }));
  });
  return asked;
};
const found = (at: number, length: number) => ({ status: 400, body: { type: 'urn:schakel:rule:consultation.identifying', rule: 'consultation.identifying', title: '', next: '', field: 'question', findings: [{ what: 'name', at, length, certain: true }] } });

test('what gives somebody away is named once, and nothing is sent', async () => {
  const asked = answers(found(10 + 5, 4));
  const marked = await identifying('nota.txt\n'.slice(0, 8), 'Over Sam. Over Sam.', [], ['karus-gent'], new AbortController().signal);
  expect(asked.every((one) => one.preview && one.subject === 'nota.txt\n')).toBe(true);
  expect(marked).toHaveLength(1);
});
test('what else goes wrong is said', async () => {
  answers({ status: 403, body: { rule: 'role.denied', title: '', next: '' } });
  await expect(identifying('a.txt', 'woorden', [], ['karus-gent'], new AbortController().signal)).rejects.toBeInstanceOf(Problem);
});
