// Evidence is judged here as everywhere: the frozen files hold, and not one byte of them can be another.
import { webcrypto } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { fromHex, hex, joined, utf8, type Bytes } from '../src/lib/proof/bytes';
import { keyOf, ProofError, verdictOn, type Pins, type Verdict } from '../src/lib/proof';
import { readEntry, type Entry } from '../src/lib/proof/entry';
import { Reader } from '../src/lib/proof/reader';
import { checkWhole } from '../src/lib/proof/verdict';
import { repository } from './repository';

// What jsdom has is not the browser's.
vi.stubGlobal('crypto', webcrypto);
const folder = repository('tests/golden/protocol-v1');
const golden = (name: string): Bytes => fromHex(readFileSync(join(folder, `${name}.hex`), 'utf8').replace(/\s/g, ''));
const hashOf = async (text: string): Promise<Bytes> => new Uint8Array(await webcrypto.subtle.digest('SHA-256', utf8(text)));
// The public keys of the region of the tests (tests/support/builders.h), from their seeds.
async function publicKey(use: string, name: string): Promise<Bytes> {
  const seed = await hashOf(`schakel/test/${use}/${name}`);
  const pkcs8 = joined(fromHex('302e020100300506032b657004220420'), seed);
  const key = await webcrypto.subtle.importKey('pkcs8', pkcs8, { name: 'Ed25519' }, true, ['sign']);
  const { x } = (await webcrypto.subtle.exportKey('jwk', key)) as { x: string };
  return new Uint8Array(Buffer.from(x, 'base64url'));
}
async function pinned(name = 'schakel.example/gent', log = 'schakel.example/gent'): Promise<Pins> {
  const key = await publicKey('hub-log', log);
  const hash = new Uint8Array(await webcrypto.subtle.digest('SHA-256', joined(utf8(name), Uint8Array.of(10, 1), key))).slice(0, 4);
  const registrars = await Promise.all(['1', '2', '3'].map((one) => publicKey('registrar', one)));
  return { hub_key: `${name}+${hex(hash)}+${Buffer.from(joined(Uint8Array.of(1), key)).toString('base64')}`, registrars: { threshold: 2, keys: registrars.map(hex) } };
}
const ruleOf = async (file: Bytes, pins: Pins): Promise<string> => {
  try {
    await verdictOn(file, pins);
    return 'holds';
  } catch (thrown) {
    if (!(thrown instanceof ProofError)) throw thrown;
    return thrown.rule;
  }
};
const patience = 600_000; // Thousands of files are judged: a busy machine is slow, and says nothing about them.
const files = ['evidence', 'evidence-witnessed', 'evidence-routed'];

describe('a file of evidence', () => {
  test.each([
    ['evidence', 2, 6],
    ['evidence-witnessed', 4, 8],
    ['evidence-routed', 3, 12],
  ])('%s holds', async (name, entries, size) => {
    const verdict = await verdictOn(golden(name), await pinned());
    expect(verdict).toMatchObject({ log: 'schakel.example/gent', entries, size });
  });

  test('says of whom nothing is missing, who signed, and who saw the same history', async () => {
    const verdict = await verdictOn(golden('evidence-witnessed'), await pinned());
    expect(verdict.complete).toEqual([{ recipient: 'karus-gent', before: 8 }]);
    expect(verdict.parties).toEqual({ authors: [], unknown: [], witnesses: [{ organisation: 'karus-gent', size: 6 }], unchecked: 0 });
    expect((await verdictOn(golden('evidence'), await pinned())).parties?.unknown).toEqual(['stappen-gent']);
  });

  test('proves the rows that it says, and no other', async () => {
    const { keys } = await verdictOn(golden('evidence-routed'), await pinned());
    const row = { sequence: 12, what: 'handed-over', organisation: { id: 'karus-gent' }, record: `${'0'.repeat(29)}104` };
    expect(keys.has(keyOf(row)!)).toBe(true);
    for (const other of [{ ...row, sequence: 11 }, { ...row, what: 'withheld' }, { ...row, organisation: { id: 'politie-gent' } }, { ...row, record: `${'0'.repeat(29)}105` }]) expect(keys.has(keyOf(other)!)).toBe(false);
    expect(keyOf({ ...row, sequence: null })).toBeNull();
  });

  // Who cosigned may be somebody whom the file does not name: then the verdict says less. Nothing else gets through.
  test.each(files)('%s with any byte changed is refused', async (name) => {
    const [good, pins] = [golden(name), await pinned()];
    const whole = await verdictOn(good, pins);
    const saysLess = (verdict: Verdict): boolean => (verdict.parties?.unchecked ?? 0) > (whole.parties?.unchecked ?? 0);
    for (let i = 0; i < good.length; i++) {
      const bad = good.slice();
      bad[i]! ^= 1 << (i % 8);
      let verdict: Verdict | null = null;
      try {
        verdict = await verdictOn(bad, pins);
      } catch (thrown) {
        expect(thrown, `byte ${i}`).toBeInstanceOf(ProofError);
      }
      if (verdict) expect(saysLess(verdict), `byte ${i} of ${name}`).toBe(true);
    }
  }, patience);

  test.each(files)('%s cut short, or with something behind it, is refused', async (name) => {
    const [good, pins] = [golden(name), await pinned()];
    for (let size = 0; size < good.length; size += 29) expect(await ruleOf(good.slice(0, size), pins)).not.toBe('holds');
    expect(await ruleOf(joined(good, Uint8Array.of(0xc0)), pins)).toBe('codec.trailing');
  }, patience);

  test('of another hub, or under another key, is refused', async () => {
    expect(await ruleOf(golden('evidence'), await pinned('schakel.example/aalst'))).toBe('checkpoint.origin');
    expect(await ruleOf(golden('evidence'), await pinned('schakel.example/gent', 'thief'))).toBe('checkpoint.signature');
    const pins = await pinned();
    expect(await ruleOf(golden('evidence'), { ...pins, hub_key: pins.hub_key.replace(/\+./, '+x') })).toBe('note.verifier');
  });
  test('whose organisations too few registrars vouch for is refused', async () => {
    const pins = await pinned();
    expect(await ruleOf(golden('evidence-witnessed'), { ...pins, registrars: { threshold: 3, keys: pins.registrars.keys } })).toBe('registry.signatures');
  });

  test('is not said to be signed where the browser cannot tell', async () => {
    const pins = await pinned();
    const importKey = vi.spyOn(webcrypto.subtle, 'importKey').mockRejectedValue(new DOMException('no such algorithm', 'NotSupportedError'));
    expect((await verdictOn(golden('evidence-witnessed'), pins)).parties).toBeNull();
    const bad = golden('evidence');
    bad[bad.length - 1]! ^= 1;
    expect(await ruleOf(bad, pins)).toBe('merkle.inclusion');
    importKey.mockRestore();
  });
});

describe('an entry', () => {
  test.each(['record', 'delivery', 'denial', 'withheld', 'delivery-numbered', 'delivery-placed', 'delivery-closed', 'answer', 'session', 'registry', 'erasure', 'operator', 'routing', 'record-routed', 'delivery-routed', 'denial-routed'])('%s is read', (name) => {
    expect(readEntry(golden(`entry-${name}`)).entry.sequence).toBeGreaterThan(0);
  });
  test('of a delivery closes to the form that others are shown', async () => {
    expect(hex(await readEntry(golden('entry-delivery-placed')).closed())).toBe(hex(golden('entry-delivery-closed')));
    expect(hex(await readEntry(golden('entry-delivery-closed')).closed())).toBe(hex(golden('entry-delivery-closed')));
  });
  const headers = readdirSync(folder).flatMap((file) => /^(header-.*)\.hex$/.exec(file)?.[1] ?? []);
  test.each(headers)('the header of %s is read', (name) => {
    const header = golden(name);
    const [before, after] = [golden('entry-record'), golden('header-note')];
    const at = hex(before).indexOf(hex(after)) / 2;
    const head = header.length < 256 ? [0xc4, header.length] : [0xc5, header.length >> 8, header.length & 0xff];
    const entry = joined(before.slice(0, at - 2), Uint8Array.from(head), header, before.slice(at + after.length));
    expect(readEntry(entry).entry.body).toMatchObject({ type: 'record', header: { author: expect.stringMatching(/-gent$/) as string } });
  });
});

describe('the codec', () => {
  const read = (bytes: string, take: (from: Reader) => unknown, limits = {}): unknown => {
    try {
      const from = new Reader(fromHex(bytes), limits);
      const value = take(from);
      from.finish();
      return value;
    } catch (thrown) {
      return (thrown as ProofError).rule;
    }
  };
  const skip = (from: Reader): string => (from.skip(), 'ok');
  test.each([
    ['7f', 127], ['cc80', 128], ['ccff', 255], ['cd0100', 256], ['ce00010000', 65536], ['cf0000000100000000', 2 ** 32], ['cf001fffffffffffff', Number.MAX_SAFE_INTEGER],
    ['cc7f', 'codec.canonical'], ['cd00ff', 'codec.canonical'], ['ce0000ffff', 'codec.canonical'], ['cf00000000ffffffff', 'codec.canonical'], ['cf0020000000000000', 'codec.type'],
    ['cc', 'codec.truncated'], ['0000', 'codec.trailing'], ['c3', 'codec.type'], ['ff', 'codec.canonical'], ['d001', 'codec.canonical'], ['', 'codec.truncated'],
  ])('number %s', (bytes, want) => expect(read(bytes, (from) => from.uint())).toBe(want));
  test.each([
    ['a161', 'a'], ['a2c3a9', 'é'], ['a2c080', 'codec.utf8'], ['a3eda080', 'codec.utf8'], ['a1ff', 'codec.utf8'], ['d90161', 'codec.canonical'], ['a3efbbbf', '\ufeff'], ['a261', 'codec.truncated'],
  ])('text %s', (bytes, want) => expect(read(bytes, (from) => from.text(100))).toBe(want));
  test.each([
    ['92c0c2', 'ok'], ['dc0002c0c0', 'codec.canonical'], ['80', 'codec.canonical'], ['ca00000000', 'codec.canonical'], ['c70000', 'codec.canonical'], ['c1', 'codec.canonical'], ['92c0', 'codec.truncated'], ['90', 'ok'], ['9190', 'ok'],
  ])('value %s', (bytes, want) => expect(read(bytes, skip)).toBe(want));
  test('keeps its limits', () => {
    expect(read('9191c0', skip, { depth: 2 })).toBe('ok');
    expect(read('919191c0', skip, { depth: 2 })).toBe('codec.depth');
    expect(read('92c0c0', skip, { array: 1 })).toBe('codec.count');
    expect(read('92c0c0', skip, { items: 2 })).toBe('codec.count');
    expect(read('92c0c0', skip, { items: 3 })).toBe('ok');
    expect(read('92c0c0', skip, { bytes: 2 })).toBe('codec.size');
    expect(read('c40100', skip, { binary: 0 })).toBe('codec.size');
    expect(read('9290c0', skip, { depth: 2 })).toBe('ok');
    expect(read('a161', (from) => from.text(0))).toBe('codec.size');
    expect(read('9100', (from) => from.array(1, 1))).toBe('codec.type');
  });
});

describe('a file of who leads is whole', () => {
  const record = (sequence: number, author: string, kind: number): Entry =>
    ({ sequence, body: { type: 'record', header: { kind, author, references: [], views: [] } } }) as unknown as Entry;
  const delivery = (sequence: number, recordSequence: number): Entry => ({ sequence, body: { type: 'delivery', recipient: 'karus-gent', recordSequence } }) as unknown as Entry;
  const asked = (sequence: number, asker: string): Entry => ({ sequence, body: { type: 'answer', asker, trajectory: '', record: '', counts: [] } }) as unknown as Entry;
  const opened = [record(1, 'de-wissel', 1), delivery(6, 5)];

  test('who leads must have the record of each delivery', () => {
    expect(() => checkWhole([...opened, asked(9, 'de-wissel')])).toThrow('evidence.gap');
    checkWhole([...opened, record(5, 'de-wissel', 40), asked(9, 'de-wissel')]);
  });
  test('who took the lead over too, and who led before need not', () => {
    expect(() => checkWhole([...opened, record(7, 'karus-gent', 21), asked(9, 'karus-gent')])).toThrow('evidence.gap');
    checkWhole([...opened, record(7, 'karus-gent', 21), asked(9, 'de-wissel')]);
  });
  test('who asked is of no account where the lead never moved', () => {
    expect(() => checkWhole([...opened, asked(9, 'karus-gent')])).toThrow('evidence.gap');
  });
});
