// The tree of the log (RFC 9162): that an entry is in it, and that a larger one goes on from a smaller.
import { same, sha256, type Bytes } from './bytes';

const hashesMax = 64;
const odd = (value: number): boolean => value % 2 === 1;
const half = (value: number): number => Math.floor(value / 2);
const node = (left: Bytes, right: Bytes): Promise<Bytes> => sha256(Uint8Array.of(1), left, right);

export async function isIncluded(leaf: Bytes, index: number, size: number, proof: Bytes[], root: Bytes): Promise<boolean> {
  if (index >= size || proof.length > hashesMax) return false;
  let [at, last, hash] = [index, size - 1, leaf];
  for (const sibling of proof) {
    if (last === 0) return false;
    if (odd(at) || at === last) {
      hash = await node(sibling, hash);
      // A node at the right edge has no sibling on the levels where it is alone.
      while (!odd(at) && at !== 0) [at, last] = [half(at), half(last)];
    } else {
      hash = await node(hash, sibling);
    }
    [at, last] = [half(at), half(last)];
  }
  return last === 0 && same(hash, root);
}

export interface Head {
  size: number;
  root: Bytes;
}
// Whether two heads are of one history: the smaller lies within the larger.
export async function isOneHistory(a: Head, b: Head, proof: Bytes[]): Promise<boolean> {
  const [first, second] = a.size <= b.size ? [a, b] : [b, a];
  if (first.size === 0 || proof.length > hashesMax) return false;
  if (first.size === second.size) return proof.length === 0 && same(first.root, second.root);
  if (proof.length === 0) return false;
  let [at, last] = [first.size - 1, second.size - 1];
  while (odd(at)) [at, last] = [half(at), half(last)];
  // A first tree of 2^n leaves is itself the node to start from; the proof leaves it out.
  const rest = at === 0 ? proof : proof.slice(1);
  let smaller = at === 0 ? first.root : proof[0]!;
  let larger = smaller;
  for (const sibling of rest) {
    if (last === 0) return false;
    if (odd(at) || at === last) {
      smaller = await node(sibling, smaller);
      larger = await node(sibling, larger);
      while (!odd(at) && at !== 0) [at, last] = [half(at), half(last)];
    } else {
      larger = await node(larger, sibling);
    }
    [at, last] = [half(at), half(last)];
  }
  return last === 0 && same(smaller, first.root) && same(larger, second.root);
}
