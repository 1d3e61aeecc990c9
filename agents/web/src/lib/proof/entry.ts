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
const anonymous = [33, 34, 35, 90, 91, 13];
const viewsKind = 13;

function readHeader(bytes: Bytes): Header {
  const from = new Reader(bytes, { bytes: 16 << 10, depth: 4, items: 1024 });
  const items = from.array(14, 64, 'header');
  if (from.within('header.version', 1, Number.MAX_SAFE_INTEGER) > 1) throw new ProofError('record.version');
  if (items !== 14) throw new ProofError('codec.type', 'header');
  const kind = from.uint('header.kind', 1023);
  const id = from.id('header.id');
  const author = from.organisation('header.author');
  const signer = hex(from.fixed(8, 'header.signer'));
  const trajectory = from.id('header.trajectory');
  const thread = from.id('header.thread');
  from.within('header.purpose', 1, 63);
  const categories = from.uint('header.categories');
  if (!from.nil()) from.within('header.basis', 1, 63);
  from.time('header.created_at');
  const references = from.list(16, 'header.references', () => from.id('header.references'));
  from.array(2, 2, 'header.seen');
  from.uint('header.seen.size');
  from.fixed(32, 'header.seen.root');
  const views = kind === viewsKind ? readViews(from) : (from.skip(), []);
  from.finish();
  const content = kind >= 32;
  if (id === none || thread === none || (trajectory === none && !anonymous.includes(kind)) || (categories === 0) === content) throw new ProofError('record.header');
  return { bytes, kind, id, author, signer, trajectory, references, views };
}
const readViews = (from: Reader): View[] =>
  from.list(
    64,
    'control.views',
    () => {
      from.array(5, 5, 'control.view');
      const record = from.id('control.view.record');
      from.fixed(16, 'control.view.person');
      const view = { record, role: from.within('control.view.role', 1, 63), reason: from.within('control.view.reason', 1, 63) };
      from.time('control.view.at');
      return view;
    },
    1,
  );

function readRecord(from: Reader): Body {
  const header = readHeader(from.binary('entry.header', 16 << 10));
  const [ciphertext, recipients] = [from.fixed(32, 'entry.ciphertext_hash'), from.fixed(32, 'entry.recipients_root')];
  from.array(4, 4, 'entry.evidence');
  const signature = from.fixed(64, 'entry.signature');
  const [count, index] = [from.uint('entry.count', 64), from.uint('entry.index', 64)];
  return { type: 'record', header, ciphertext, recipients, batch: { signature, count, index, path: from.list(8, 'entry.path', () => from.fixed(32, 'entry.path')) } };
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
  const recipient = from.organisation('entry.recipient');
  const begins = from.at;
  const position = closed ? (from.fixed(32, 'entry.place'), null) : from.uint('entry.position');
  const previous = closed ? null : from.fixed(32, 'entry.previous');
  const ends = from.at;
  const body: Delivery = {
    type: 'delivery', recipient, position, previous,
    recordSequence: from.uint('entry.record_sequence'),
    record: from.id('entry.record'),
    trajectory: from.id('entry.trajectory'),
    grant: from.nil() ? null : from.id('entry.grant'),
    withheld: from.nil() ? null : from.within('entry.withheld', 1, denialLast),
    commitment: null,
  };
  if (version > 1) {
    if (placed && from.nil()) {
      if (!from.nil()) throw new ProofError('codec.type', 'entry.number');
    } else {
      from.fixed(8, 'entry.number');
      body.commitment = from.fixed(32, 'entry.number');
    }
  }
  const blindBegins = from.at;
  return { body, place: placed && !closed ? { begins, ends, blind: from.fixed(32, 'entry.blind'), blindBegins } : null };
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
  const items = from.array(5, 64, 'entry');
  const version = from.within('entry.version', 1, Number.MAX_SAFE_INTEGER);
  if (version > 5) throw new ProofError('entry.version');
  const type = from.within('entry.type', 1, 9);
  if (!forms[type]?.[version]?.includes(items)) throw new ProofError('codec.type', 'entry');
  const sequence = from.uint('entry.sequence');
  const at = from.time('entry.at');
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
        return { type: 'denial', recipient: from.organisation('entry.recipient'), recordSequence: from.uint('entry.record_sequence'), record: from.id('entry.record'), trajectory: from.id('entry.trajectory'), reason: from.within('entry.reason', 1, denialLast) };
      case 4: {
        const organisation = from.organisation('entry.organisation');
        const event = from.within('entry.event', 1, 4);
        from.text('entry.detail', 64);
        return { type: 'session', organisation, event, trajectory: from.id('entry.trajectory'), record: from.id('entry.record') };
      }
      case 6:
        return readAnswer(from);
      case 9:
        return { type: 'routing', recordSequence: from.uint('entry.record_sequence'), record: from.id('entry.record'), trajectory: from.id('entry.trajectory'), root: from.fixed(32, 'entry.slots_root') };
      default:
        for (let i = 4; i < items; i++) from.skip();
        return { type: 'other' };
    }
  })();
  from.finish();
  return { entry: { sequence, at, body }, closed: () => closedForm(bytes, body, place) };
}

function readAnswer(from: Reader): Body {
  const asker = from.organisation('entry.asker');
  const [trajectory, record] = [from.id('entry.trajectory'), from.id('entry.record')];
  const counts = from.list(1024, 'entry.counts', () => {
    from.array(2, 2, 'entry.counts');
    return { recipient: from.organisation('entry.recipient'), deliveries: from.uint('entry.deliveries') };
  });
  if (counts.some((one, i) => i > 0 && counts[i - 1]!.recipient >= one.recipient)) throw new ProofError('codec.type', 'entry.counts');
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
