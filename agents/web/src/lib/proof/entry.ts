// Entries of the log (docs/protocol.md, section 10), and what a file of evidence needs of the header of a record.
import { bigEndian, hex, joined, same, sha256, type Bytes } from './bytes';
import { ProofError, Reader } from './reader';

export interface View {
  record: string;
  role: number;
  reason: number;
}
export interface Header {
  bytes: Bytes;
  kind: number;
  id: string;
  author: string;
  signer: string; // Hex of the id of its key.
  trajectory: string;
  references: string[];
  views: View[];
}
export interface Batch {
  signature: Bytes;
  count: number;
  index: number;
  path: Bytes[];
}
export interface Delivery {
  type: 'delivery';
  recipient: string;
  position: number | null; // Null: the place is closed.
  previous: Bytes | null;
  recordSequence: number;
  record: string;
  trajectory: string;
  grant: string | null;
  withheld: number | null;
  commitment: Bytes | null; // Of its number.
}
export type Body =
  | { type: 'record'; header: Header; ciphertext: Bytes; recipients: Bytes; batch: Batch }
  | Delivery
  | { type: 'denial'; recipient: string; recordSequence: number; record: string; trajectory: string; reason: number }
  | { type: 'session'; organisation: string; event: number; trajectory: string; record: string }
  | { type: 'answer'; asker: string; trajectory: string; record: string; counts: { recipient: string; deliveries: number }[] }
  | { type: 'routing'; recordSequence: number; record: string; trajectory: string; root: Bytes }
  | { type: 'other' }; // The registry, an erasure, an act of the operator: about no trajectory that one is shown.
export interface Entry {
  sequence: number;
  at: number;
  body: Body;
}

export const none = '0'.repeat(32);
const denialLast = 14;
const ofNone = (kind: number): boolean => (kind >= 25 && kind <= 29) || kind === 140 || kind === 150; // Places, who comes there, learning cases.
const anonymous = [33, 34, 35, 90, 91, 13];
const viewsKind = 13;

function readHeader(bytes: Bytes): Header {
  const from = new Reader(bytes, { bytes: 16 << 10, depth: 4, items: 1024 });
  const items = from.array(14, 64);
  if (from.within(1, Number.MAX_SAFE_INTEGER) > 1) throw new ProofError('record.version');
  if (items !== 14) throw new ProofError('codec.type');
  const kind = from.uint(1023);
  const id = from.id();
  const author = from.organisation();
  const signer = hex(from.fixed(8));
  const trajectory = from.id();
  const thread = from.id();
  from.within(1, 63);
  const categories = from.uint();
  if (!from.nil()) from.within(1, 63);
  from.time();
  const references = from.list(16, () => from.id());
  from.array(2, 2);
  from.uint();
  from.fixed(32);
  const views = kind === viewsKind ? readViews(from) : (from.skip(), []);
  from.finish();
  const content = kind >= 32;
  if (id === none || thread === none || (trajectory === none ? !anonymous.includes(kind) && !ofNone(kind) : ofNone(kind)) || (categories === 0) === content) throw new ProofError('record.header');
  return { bytes, kind, id, author, signer, trajectory, references, views };
}
const readViews = (from: Reader): View[] =>
  from.list(
    64,
    () => {
      from.array(5, 5);
      const record = from.id();
      from.fixed(16);
      const view = { record, role: from.within(1, 63), reason: from.within(1, 63) };
      from.time();
      return view;
    },
    1,
  );

function readRecord(from: Reader): Body {
  const header = readHeader(from.binary(16 << 10));
  const [ciphertext, recipients] = [from.fixed(32), from.fixed(32)];
  from.array(4, 4);
  const signature = from.fixed(64);
  const [count, index] = [from.uint(64), from.uint(64)];
  return { type: 'record', header, ciphertext, recipients, batch: { signature, count, index, path: from.list(8, () => from.fixed(32)) } };
}

// Of a delivery of version 5 where its place stands, to close it.
interface Place {
  begins: number;
  ends: number;
  blind: Bytes;
  blindBegins: number;
}
function readDelivery(from: Reader, version: number, items: number): { body: Delivery; place: Place | null } {
  const placed = version === 5;
  const closed = placed && items === 13;
  const recipient = from.organisation();
  const begins = from.at;
  const position = closed ? (from.fixed(32), null) : from.uint();
  const previous = closed ? null : from.fixed(32);
  const ends = from.at;
  const body: Delivery = {
    type: 'delivery', recipient, position, previous,
    recordSequence: from.uint(),
    record: from.id(),
    trajectory: from.id(),
    grant: from.nil() ? null : from.id(),
    withheld: from.nil() ? null : from.within(1, denialLast),
    commitment: null,
  };
  if (version > 1) {
    if (placed && from.nil()) {
      if (!from.nil()) throw new ProofError('codec.type');
    } else {
      from.fixed(8);
      body.commitment = from.fixed(32);
    }
  }
  const blindBegins = from.at;
  return { body, place: placed && !closed ? { begins, ends, blind: from.fixed(32), blindBegins } : null };
}

// Type, and for each version in which it exists how many values there are.
const forms: Record<number, Record<number, number[]>> = {
  1: { 1: [8] }, 2: { 1: [12], 2: [14], 5: [15, 13] }, 3: { 1: [9] }, 4: { 1: [9] }, 5: { 1: [5] }, 6: { 2: [8] }, 7: { 3: [8] }, 8: { 3: [5] }, 9: { 4: [8] },
};

export interface Read {
  entry: Entry;
  closed: () => Promise<Bytes>; // The form of which leaf and slot are hashes.
}
export function readEntry(bytes: Bytes): Read {
  const from = new Reader(bytes, { bytes: 256 << 10, depth: 4, items: 8192, binary: 128 << 10 });
  const items = from.array(5, 64);
  const version = from.within(1, Number.MAX_SAFE_INTEGER);
  if (version > 5) throw new ProofError('entry.version');
  const type = from.within(1, 9);
  if (!forms[type]?.[version]?.includes(items)) throw new ProofError('codec.type');
  const sequence = from.uint();
  const at = from.time();
  let place: Place | null = null;
  const body = ((): Body => {
    switch (type) {
      case 1:
        return readRecord(from);
      case 2: {
        const delivery = readDelivery(from, version, items);
        place = delivery.place;
        return delivery.body;
      }
      case 3:
        return { type: 'denial', recipient: from.organisation(), recordSequence: from.uint(), record: from.id(), trajectory: from.id(), reason: from.within(1, denialLast) };
      case 4: {
        const organisation = from.organisation();
        const event = from.within(1, 4);
        from.text(64);
        return { type: 'session', organisation, event, trajectory: from.id(), record: from.id() };
      }
      case 6:
        return readAnswer(from);
      case 9:
        return { type: 'routing', recordSequence: from.uint(), record: from.id(), trajectory: from.id(), root: from.fixed(32) };
      default:
        for (let i = 4; i < items; i++) from.skip();
        return { type: 'other' };
    }
  })();
  from.finish();
  return { entry: { sequence, at, body }, closed: () => closedForm(bytes, body, place) };
}

function readAnswer(from: Reader): Body {
  const asker = from.organisation();
  const [trajectory, record] = [from.id(), from.id()];
  const counts = from.list(1024, () => {
    from.array(2, 2);
    return { recipient: from.organisation(), deliveries: from.uint() };
  });
  if (counts.some((one, i) => i > 0 && counts[i - 1]!.recipient >= one.recipient)) throw new ProofError('codec.type');
  return { type: 'answer', asker, trajectory, record, counts };
}

async function closedForm(bytes: Bytes, body: Body, place: Place | null): Promise<Bytes> {
  if (!place || body.type !== 'delivery') return bytes;
  const hash = await sha256(Uint8Array.of(0x33), place.blind, bigEndian(body.position ?? 0, 8), body.previous ?? new Uint8Array(32));
  return joined(Uint8Array.of(0x9d), bytes.subarray(1, place.begins), Uint8Array.of(0xc4, 32), hash, bytes.subarray(place.ends, place.blindBegins));
}

export const leafOf = async (read: Read, salt: Bytes): Promise<Bytes> => sha256(Uint8Array.of(0), salt, await read.closed());
export const feedHash = (bytes: Bytes): Promise<Bytes> => sha256(Uint8Array.of(0x30), bytes);

// ---- In a slot of a routing ----

export interface SlotPlace {
  routing: Bytes;
  salt: Bytes; // Of the routing.
  slot: number;
  path: Bytes[];
}
export async function standsInSlot({ entry, closed }: Read, salt: Bytes, place: SlotPlace): Promise<boolean> {
  const { entry: routing } = readEntry(place.routing);
  const [said, one] = [routing.body, entry.body];
  if (said.type !== 'routing' || (one.type !== 'delivery' && one.type !== 'denial')) return false;
  if (routing.sequence !== entry.sequence || routing.at !== entry.at || said.recordSequence + 1 !== entry.sequence) return false;
  if (one.recordSequence !== said.recordSequence || one.record !== said.record || one.trajectory !== said.trajectory) return false;
  let hash = await sha256(Uint8Array.of(0x40), salt, await closed());
  for (const [level, sibling] of place.path.entries()) {
    hash = ((place.slot >> level) & 1) === 1 ? await sha256(Uint8Array.of(0x41), sibling, hash) : await sha256(Uint8Array.of(0x41), hash, sibling);
  }
  return same(hash, said.root);
}

// What a record shares again, if it does: its first reference; of a file, its second.
export function repeatedBy(header: Header): string | undefined {
  const file = header.kind === 90 || header.kind === 91;
  return file ? header.references[1] : header.kind === 42 ? header.references[0] : undefined;
}
