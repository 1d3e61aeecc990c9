// Bytes, and the two things that WebCrypto does with them here: SHA-256 and checking Ed25519.
export type Bytes = Uint8Array<ArrayBuffer>;

const encoder = new TextEncoder();
export const utf8 = (text: string): Bytes => encoder.encode(text);

export function joined(...parts: Uint8Array[]): Bytes {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
export const same = (a: Uint8Array, b: Uint8Array): boolean => a.length === b.length && a.every((byte, i) => byte === b[i]);
export const hex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
export const fromHex = (text: string): Bytes => Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
// The highest first.
export function bigEndian(value: number, width: number): Bytes {
  const bytes = new Uint8Array(width);
  for (let i = width - 1, rest = value; i >= 0; i--, rest = Math.floor(rest / 256)) bytes[i] = rest % 256;
  return bytes;
}
// Null: not base64, or not its one form.
export function fromBase64(text: string): Bytes | null {
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text) || text.length % 4 !== 0) return null;
  const plain = atob(text);
  return btoa(plain) === text ? Uint8Array.from(plain, (one) => one.charCodeAt(0)) : null;
}

export const sha256 = async (...parts: Uint8Array[]): Promise<Bytes> => new Uint8Array(await crypto.subtle.digest('SHA-256', joined(...parts)));

// Chromium has Ed25519 since 137, Firefox since 129, Safari since 17; before that nothing that is signed can be checked.
const algorithm = { name: 'Ed25519' };
export async function checksSignatures(): Promise<boolean> {
  try {
    await crypto.subtle.importKey('raw', fromHex('d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a'), algorithm, false, ['verify']); // RFC 8032, test 1.
    return true;
  } catch {
    return false;
  }
}
export async function signs(key: Bytes, message: Bytes, signature: Bytes): Promise<boolean> {
  if (key.length !== 32 || signature.length !== 64) return false;
  try {
    return await crypto.subtle.verify(algorithm, await crypto.subtle.importKey('raw', key, algorithm, false, ['verify']), signature, message);
  } catch {
    return false; // Not a key.
  }
}
// Apart for each use, so that no signature is taken for another kind.
export const signsAs = (key: Bytes, domain: string, message: Uint8Array, signature: Bytes): Promise<boolean> =>
  signs(key, joined(Uint8Array.of(domain.length), utf8(domain), message), signature);
export const keyIdOf = async (key: Bytes): Promise<string> => hex((await sha256(utf8('schakel/key/v1'), key)).subarray(0, 8));
