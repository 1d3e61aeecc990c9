// What a family writes while it is among itself, sealed in its own browsers. The words that make the key are said in the room and
// are sent nowhere: whoever does not have them, and that is everybody else, cannot read a note nor make one.
//
// Words: seven of 512, 63 bits. Key: PBKDF2-HMAC-SHA-256, 600,000 rounds, salted with the id of the conference. A note: AES-256-GCM
// under a nonce of its own, bound to the conference and to who wrote it, and padded, so that its length tells little.
import { list } from './wordlist';

export const wordsNeeded = 7;
const rounds = 600_000;
const block = 512; // As the agent expects it,
const longest = 16 * 1024; // and no more than that.

export interface Note {
  name: string;
  text: string;
}
export interface Sealed {
  nonce: string;
  sealed: string;
}

export const canSeal = (): boolean => globalThis.isSecureContext !== false && globalThis.crypto?.subtle !== undefined;

export function makeWords(): string[] {
  // 512 divides what is drawn: each word is as likely as any other.
  return [...crypto.getRandomValues(new Uint16Array(wordsNeeded))].map((drawn) => list[drawn % list.length]!);
}
// However they were typed: capitals, commas and more than one space do not matter.
export const spoken = (text: string): string =>
  text.normalize('NFKD').toLowerCase().replace(/[^a-z\s,.;-]/g, '').split(/[\s,.;-]+/).filter(Boolean).join(' ');
export const unknownWords = (text: string): string[] => spoken(text).split(' ').filter((word) => word && !list.includes(word));

const bytesOf = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);
const base64 = (bytes: Uint8Array): string => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
const fromBase64 = (text: string): Uint8Array<ArrayBuffer> => Uint8Array.from(atob(text), (one) => one.charCodeAt(0));
const boundTo = (conference: string, author: string): Uint8Array<ArrayBuffer> => bytesOf(`schakel/family-note/v1\n${conference}\n${author}`);

export async function keyOf(words: string, conference: string): Promise<CryptoKey> {
  const from = await crypto.subtle.importKey('raw', bytesOf(spoken(words)), 'PBKDF2', false, ['deriveKey']);
  const salt = bytesOf(`schakel/family-words/v1\n${conference}`);
  return crypto.subtle.deriveKey({ name: 'PBKDF2', hash: 'SHA-256', salt, iterations: rounds }, from, { name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']);
}

// Its length, then the note, then zeros up to whole blocks. Null: it is too long.
function padded(note: Note): Uint8Array<ArrayBuffer> | null {
  const words = bytesOf(JSON.stringify(note));
  const size = Math.ceil((4 + words.length) / block) * block;
  if (size > longest) return null;
  const all = new Uint8Array(size);
  new DataView(all.buffer).setUint32(0, words.length);
  all.set(words, 4);
  return all;
}

export async function seal(key: CryptoKey, conference: string, author: string, note: Note): Promise<Sealed | null> {
  const clear = padded(note);
  if (!clear) return null;
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const sealed = await crypto.subtle.encrypt({ name: 'AES-GCM', iv, additionalData: boundTo(conference, author) }, key, clear);
  return { nonce: base64(iv), sealed: base64(new Uint8Array(sealed)) };
}

// Null: other words, or somebody changed it.
export async function unseal(key: CryptoKey, conference: string, author: string, one: Sealed): Promise<Note | null> {
  try {
    const opened = await crypto.subtle.decrypt({ name: 'AES-GCM', iv: fromBase64(one.nonce), additionalData: boundTo(conference, author) }, key, fromBase64(one.sealed));
    const length = new DataView(opened).getUint32(0);
    const note = JSON.parse(new TextDecoder().decode(new Uint8Array(opened, 4, length))) as Partial<Note>;
    return { name: String(note.name ?? ''), text: String(note.text ?? '') };
  } catch {
    return null;
  }
}
