// Signed notes and checkpoints, as C2SP says (docs/protocol.md, section 10), and what others cosigned.
import { bigEndian, fromBase64, hex, joined, same, sha256, signs, utf8, type Bytes } from './bytes';
import type { Head } from './merkle';
import { ProofError } from './reader';

const bytesMax = 16 << 10;
const signaturesMax = 32;
const secondsMax = 253402300799;
const plain = 1;
const cosigned = 4;
// eslint-disable-next-line no-control-regex -- that is what a name may not hold
const notInNames = /[\u0000-\u0020+\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/;
// eslint-disable-next-line no-control-regex
const notInNotes = /[\u0000-\u0009\u000b-\u001f]/;

export interface Verifier {
  name: string;
  hash: string; // By which people tell it apart, eight hex digits.
  key: Bytes;
}
interface Signature {
  name: string;
  hash: Bytes;
  bytes: Bytes;
}
interface Note {
  text: string;
  signatures: Signature[];
}

const isName = (name: string): boolean => name !== '' && !notInNames.test(name);
const hashOf = async (name: string, key: Bytes, type: number): Promise<Bytes> => (await sha256(utf8(name), Uint8Array.of(10, type), key)).subarray(0, 4);

// "name+hash+base64", as a hub shows its own.
export async function readVerifier(text: string): Promise<Verifier> {
  const [, name = '', hash = '', rest = ''] = /^([^+]*)\+([^+]*)\+(.*)$/s.exec(text) ?? [];
  const blob = fromBase64(rest);
  if (!isName(name) || blob?.length !== 33 || blob[0] !== plain) throw new ProofError('note.verifier');
  const key = blob.slice(1);
  const right = await hashOf(name, key, plain);
  if (hash !== hex(right)) throw new ProofError('note.verifier');
  return { name, hash, key };
}

function parse(text: string): Note {
  if (utf8(text).length > bytesMax) throw new ProofError('note.size');
  // The text may hold empty lines itself: the last one ends it.
  const end = text.lastIndexOf('\n\n');
  if (notInNotes.test(text) || end < 0 || !text.endsWith('\n') || end + 2 === text.length) throw new ProofError('note.format');
  const lines = text.slice(end + 2, -1).split('\n');
  if (lines.length > signaturesMax) throw new ProofError('note.size');
  return {
    text: text.slice(0, end + 1),
    signatures: lines.map((line) => {
      const [, name = '', rest = ''] = /^\u2014 ([^ ]*) (.*)$/.exec(line) ?? [];
      const blob = fromBase64(rest);
      if (!isName(name) || !blob || blob.length <= 4) throw new ProofError('note.format');
      return { name, hash: blob.slice(0, 4), bytes: blob.slice(4) };
    }),
  };
}

function headIn(text: string, origin: string): Head {
  const lines = text.slice(0, -1).split('\n');
  const [name = '', size = '', root = ''] = lines;
  const bytes = fromBase64(root);
  // Extension lines: whatever they say, but none may be empty.
  if (name === '' || !/^(0|[1-9]\d*)$/.test(size) || !Number.isSafeInteger(Number(size)) || bytes?.length !== 32 || lines.slice(3).includes('')) throw new ProofError('checkpoint.format');
  if (name !== origin) throw new ProofError('checkpoint.origin');
  return { size: Number(size), root: bytes };
}

// The head that a checkpoint says, if this verifier signed it. `unsigned`: where nothing signed can be checked.
export async function checkHead(note: string, verifier: Verifier, unsigned = false): Promise<Head> {
  const { text, signatures } = parse(note);
  const head = headIn(text, verifier.name);
  if (unsigned) return head;
  const hash = await hashOf(verifier.name, verifier.key, plain);
  for (const one of signatures) {
    if (one.name === verifier.name && same(one.hash, hash) && (await signs(verifier.key, utf8(text), one.bytes))) return head;
  }
  throw new ProofError('checkpoint.signature');
}

const witness = '/witness/';
// Organisations that are said to have cosigned, each once.
export function witnessesOf(note: string, origin: string): string[] {
  const names = parse(note).signatures.map((one) => one.name);
  const named = names.filter((name) => name.startsWith(origin + witness)).map((name) => name.slice(origin.length + witness.length));
  return [...new Set(named.filter((one) => /^[a-z0-9][a-z0-9-]{0,38}[a-z0-9]$/.test(one)))];
}
export const othersUnder = (note: string, origin: string): number => parse(note).signatures.filter((one) => one.name !== origin).length;

export async function isCosigned(note: string, origin: string, organisation: string, key: Bytes): Promise<boolean> {
  const { text, signatures } = parse(note);
  const name = origin + witness + organisation;
  const hash = await hashOf(name, key, cosigned);
  for (const one of signatures) {
    if (one.name !== name || !same(one.hash, hash) || one.bytes.length !== 72) continue;
    const seconds = one.bytes.subarray(0, 8).reduce((sum, byte) => sum * 256 + byte, 0);
    if (seconds > secondsMax || !same(bigEndian(seconds, 8), one.bytes.subarray(0, 8))) continue;
    if (await signs(key, joined(utf8(`cosignature/v1\ntime ${seconds}\n`), utf8(text)), one.bytes.slice(8))) return true;
  }
  return false;
}
