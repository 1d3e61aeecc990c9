// The evidence file (docs/protocol.md, section 11): read within its limits, and each of its entries proven to stand in the
// log under the head that the hub signed. Throws ProofError for whatever does not hold: the same rules as `schakel verify`.
import { bigEndian, hex, joined, same, sha256, type Bytes } from './bytes';
import { feedHash, leafOf, none, readEntry, repeatedBy, standsInSlot, type Entry, type SlotPlace } from './entry';
import { isIncluded, isOneHistory, type Head } from './merkle';
import { checkHead, type Verifier } from './note';
import { ProofError, Reader } from './reader';

interface Proven {
  entry: Bytes;
  salt: Bytes;
  proof: Bytes[];
  opening: { number: number; blind: Bytes } | null;
  place: SlotPlace | null;
}
export interface SignedStatement {
  statement: Bytes;
  signatures: { key: string; signature: Bytes }[];
}
export interface Evidence {
  checkpoint: string;
  subject: string;
  entries: Proven[];
  witnesses: { note: string; consistency: Bytes[] }[];
  statements: SignedStatement[];
}
export interface Checked {
  head: Head;
  entries: Entry[];
  witnessed: Head[];
}

const noteMax = 16 << 10;
const hashes = (from: Reader): Bytes[] => from.list(64, () => from.fixed(32));

function readProven(from: Reader, version: number): Proven {
  from.array(version + 2, version + 2);
  const one: Proven = { entry: from.binary(256 << 10), salt: from.fixed(32), proof: hashes(from), opening: null, place: null };
  if (version >= 2 && !from.nil()) {
    from.array(2, 2);
    one.opening = { number: from.uint(), blind: from.fixed(32) };
  }
  if (version >= 3 && !from.nil()) {
    from.array(4, 4);
    one.place = { routing: from.binary(256), salt: from.fixed(32), slot: from.uint(31), path: from.list(5, () => from.fixed(32), 5) };
  }
  return one;
}
export function readSigned(bytes: Bytes): SignedStatement {
  const from = new Reader(bytes, { bytes: 128 << 10, depth: 3 });
  from.array(2, 2);
  const signed: SignedStatement = {
    statement: from.binary(64 << 10),
    signatures: from.list(16, () => {
      from.array(2, 2);
      return { key: hex(from.fixed(8)), signature: from.fixed(64) };
    }),
  };
  from.finish();
  return signed;
}

export function readEvidence(bytes: Bytes): Evidence {
  const from = new Reader(bytes, { bytes: 64 << 20, depth: 5, array: 1 << 20, items: 16 << 20, binary: 256 << 10 });
  const items = from.array(4, 64);
  const version = from.within(1, Number.MAX_SAFE_INTEGER);
  if (version > 3) throw new ProofError('evidence.version');
  if (items !== (version === 1 ? 4 : 6)) throw new ProofError('codec.type');
  const evidence: Evidence = { checkpoint: from.text(noteMax), subject: from.text(200), entries: from.list(1 << 20, () => readProven(from, version)), witnesses: [], statements: [] };
  if (version > 1) {
    evidence.witnesses = from.list(64, () => {
      from.array(2, 2);
      return { note: from.text(noteMax), consistency: hashes(from) };
    });
    evidence.statements = from.list(16 << 10, () => readSigned(from.binary(128 << 10)));
  }
  from.finish();
  if (versionOf(evidence) !== version) throw new ProofError('codec.type');
  return evidence;
}
// Each file has one version in which it is written.
function versionOf({ entries, witnesses, statements }: Evidence): number {
  if (entries.some((one) => one.place)) return 3;
  return entries.some((one) => one.opening) || witnesses.length > 0 || statements.length > 0 ? 2 : 1;
}

// ---- What it is about: not signed, so each entry must bear it out ----

class Subject {
  private readonly repeats = new Set<string>();
  private only: string | null = null; // All about one record is about the one trajectory that it belongs to, or about none.
  private constructor(
    readonly trajectory: string,
    readonly record: string,
  ) {}
  static of(text: string): Subject {
    const [, kind, id = ''] = /^(trajectory|record) ([0-9a-f]{32})$/.exec(text) ?? [];
    if (!kind || id === none) throw new ProofError('evidence.subject');
    return kind === 'record' ? new Subject('', id) : new Subject(id, '');
  }
  bears({ body }: Entry): boolean {
    if (body.type === 'other' || body.type === 'routing') return false;
    const about = body.type === 'record' ? body.header : body;
    if (this.trajectory) return about.trajectory === this.trajectory;
    this.only ??= about.trajectory;
    if (this.only !== about.trajectory) return false;
    const isIt = (id: string): boolean => id === this.record || this.repeats.has(id);
    if (body.type === 'record') {
      const repeats = repeatedBy(body.header);
      if (repeats !== undefined && isIt(repeats)) this.repeats.add(body.header.id);
      return isIt(body.header.id) || body.header.views.some((view) => isIt(view.record));
    }
    const question = body.type === 'session' || body.type === 'answer';
    return isIt(body.record) || (question && body.record === none);
  }
}
export const isAboutTrajectory = (evidence: Evidence): boolean => evidence.subject.startsWith('trajectory ');

// ---- In what order ----

const recipientOf = ({ body }: Entry): string => (body.type === 'delivery' || body.type === 'denial' ? body.recipient : '');
// Sequences grow; entries in slots of one routing, by growing slot, share its sequence, and no recipient has two.
class Order {
  private last = 0;
  private slot: number | null = null;
  private recipients = new Set<string>();
  take(entry: Entry, place: SlotPlace | null): boolean {
    const recipient = recipientOf(entry);
    if (entry.sequence > this.last) this.recipients.clear();
    else if (entry.sequence < this.last || this.slot === null || !place || place.slot <= this.slot || this.recipients.has(recipient)) return false;
    this.last = entry.sequence;
    this.slot = place?.slot ?? null;
    this.recipients.add(recipient);
    return true;
  }
}
// Each feed in the file: its positions grow, and neighbours are chained by the running hash.
class Feeds {
  private readonly last = new Map<string, { position: number; hash: Bytes }>();
  async take({ body }: Entry, bytes: Bytes): Promise<boolean> {
    if (body.type !== 'delivery' || body.position === null || body.previous === null) return true;
    const before = this.last.get(body.recipient);
    this.last.set(body.recipient, { position: body.position, hash: await feedHash(bytes) });
    if (!before) return true;
    return body.position > before.position && (body.position !== before.position + 1 || same(body.previous, before.hash));
  }
}

const opens = async (opening: NonNullable<Proven['opening']>, { body }: Entry): Promise<boolean> =>
  body.type === 'delivery' && body.commitment !== null && same(body.commitment, await sha256(joined(Uint8Array.of(0x31), opening.blind, bigEndian(opening.number, 8))));

export interface Options {
  unsigned?: boolean; // Signatures cannot be checked here: what is left is that it agrees within itself.
  done?: (entries: number) => void;
}
export async function checkEvidence(evidence: Evidence, verifier: Verifier, { unsigned = false, done }: Options = {}): Promise<Checked> {
  const head = await checkHead(evidence.checkpoint, verifier, unsigned);
  const subject = Subject.of(evidence.subject);
  const [order, feeds, entries] = [new Order(), new Feeds(), [] as Entry[]];
  for (const [i, proven] of evidence.entries.entries()) {
    const holds = (fine: boolean, rule: string): void => {
      if (!fine) throw new ProofError(rule, `entry ${i + 1}`);
    };
    const read = readEntry(proven.entry);
    const { entry } = read;
    holds(entry.sequence > 0 && entry.sequence <= head.size, 'merkle.inclusion');
    if (proven.place) holds(await standsInSlot(read, proven.salt, proven.place), 'evidence.slot');
    const leaf = proven.place ? await leafOf(readEntry(proven.place.routing), proven.place.salt) : await leafOf(read, proven.salt);
    holds(await isIncluded(leaf, entry.sequence - 1, head.size, proven.proof, head.root), 'merkle.inclusion');
    holds(order.take(entry, proven.place), 'evidence.order');
    if (proven.opening) holds(await opens(proven.opening, entry), 'evidence.number');
    holds(subject.bears(entry), 'evidence.about');
    holds(await feeds.take(entry, proven.entry), 'evidence.feed');
    entries.push(entry);
    done?.(entries.length);
  }
  return { head, entries, witnessed: await checkWitnesses(evidence, head, verifier, unsigned) };
}

async function checkWitnesses(evidence: Evidence, head: Head, verifier: Verifier, unsigned: boolean): Promise<Head[]> {
  const heads: Head[] = [];
  for (const { note, consistency } of evidence.witnesses) {
    const field = `witness ${heads.length + 1}`;
    const seen = await checkHead(note, verifier, unsigned).catch(() => null);
    // Nothing may be said of the hub by what it did not sign; and a head is of the same history as itself.
    if (!seen || (seen.size === head.size && same(seen.root, head.root) && consistency.length > 0)) throw new ProofError('evidence.witness_damaged', field);
    if (!(await isOneHistory(seen, head, consistency))) throw new ProofError(seen.size === head.size ? 'evidence.witness' : 'evidence.witness_link', field);
    heads.push(seen);
  }
  return heads;
}
