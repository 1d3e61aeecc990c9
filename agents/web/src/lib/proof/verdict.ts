// What checked evidence proves beyond that its entries stand in the log: that nothing is missing, who wrote it, and who
// stands behind the history (docs/protocol.md, section 11).
import { bigEndian, joined, sha256, signsAs, type Bytes } from './bytes';
import { Directory, type Registrars } from './directory';
import type { Batch, Entry, Header } from './entry';
import { isAboutTrajectory, type Checked, type Evidence } from './evidence';
import { isCosigned, othersUnder, witnessesOf } from './note';
import { ProofError } from './reader';

// ---- Nothing is missing ----

export interface Complete {
  recipient: string;
  before: number; // The entry before which all that was handed over, or withheld, is in the file.
}
export function checkComplete(evidence: Evidence, { entries }: Checked): Complete[] {
  if (!isAboutTrajectory(evidence)) return [];
  const counted = new Set(entries.flatMap(({ body }) => (body.type === 'answer' ? body.counts.map((one) => one.recipient) : [])));
  const handed = new Map<string, { count: number; numbered: boolean }>();
  const complete = new Map<string, Complete>();
  for (const [i, { sequence, body }] of entries.entries()) {
    if (body.type === 'delivery') {
      const so = handed.get(body.recipient) ?? { count: 0, numbered: false };
      handed.set(body.recipient, so);
      so.count++;
      if (!counted.has(body.recipient)) continue;
      const { opening } = evidence.entries[i]!;
      if (body.commitment === null ? so.numbered : !opening) throw new ProofError('evidence.number', `${body.recipient}: ${so.count}`);
      if (body.commitment !== null) so.numbered = true; // Once they are, all are.
      if (opening && opening.number !== so.count) throw new ProofError('evidence.incomplete', `${body.recipient}: ${so.count}`);
    } else if (body.type === 'answer') {
      for (const { recipient, deliveries } of body.counts) {
        if ((handed.get(recipient)?.count ?? 0) !== deliveries) throw new ProofError('evidence.incomplete', recipient);
        complete.set(recipient, { recipient, before: sequence });
      }
    }
  }
  return [...complete.values()];
}

// Who leads is shown everything: in its file the record of every delivery and denial must be present. Who led before keeps its
// own opening, and is shown no more than any participant.
export function checkWhole(entries: Entry[]): void {
  let [opener, lead, asker]: (string | undefined)[] = [];
  for (const { body } of entries) {
    if (body.type === 'answer') asker = body.asker;
    if (body.type !== 'record') continue;
    const { kind, author } = body.header;
    if (kind === 1) opener = lead = author;
    else if (kind === 21 && opener) lead = author;
  }
  if (!lead || (lead !== opener && lead !== asker)) return;
  const records = new Set(entries.flatMap(({ sequence, body }) => (body.type === 'record' ? [sequence] : [])));
  for (const { body } of entries) {
    if ((body.type === 'delivery' || body.type === 'denial') && !records.has(body.recordSequence)) throw new ProofError('evidence.gap', `entry ${body.recordSequence}`);
  }
}

// ---- Who ----

export interface Parties {
  authors: string[]; // Whose signatures under their records all hold.
  unknown: string[]; // Of whom the file has no statement: not checked.
  witnesses: { organisation: string; size: number }[]; // Of each its furthest head.
  unchecked: number; // Further signatures under the witnessed heads that could not be checked.
}
const batchNode = (left: Bytes, right: Bytes): Promise<Bytes> => sha256(Uint8Array.of(0x11), left, right);

async function isSigned(key: Bytes, header: Header, ciphertext: Bytes, recipients: Bytes, batch: Batch): Promise<boolean> {
  if (batch.count === 0 || batch.index >= batch.count) return false;
  let hash = await sha256(Uint8Array.of(0x10), bigEndian(header.bytes.length, 4), header.bytes, ciphertext, recipients);
  let used = 0;
  for (let width = batch.count, index = batch.index; width > 1; width = Math.ceil(width / 2), index >>= 1) {
    const sibling = index ^ 1;
    if (sibling >= width) continue; // The odd one out.
    const other = batch.path[used++];
    if (!other) return false;
    hash = sibling > index ? await batchNode(hash, other) : await batchNode(other, hash);
  }
  return used === batch.path.length && (await signsAs(key, 'schakel/rec/v1', joined(bigEndian(batch.count, 4), hash), batch.signature));
}

export async function checkParties(evidence: Evidence, checked: Checked, origin: string, registrars: Registrars): Promise<Parties> {
  const directory = await Directory.of(evidence.statements, registrars);
  const [authors, unknown] = [new Set<string>(), new Set<string>()];
  for (const [i, { body }] of checked.entries.entries()) {
    if (body.type !== 'record') continue;
    const { header } = body;
    if (!directory.knows(header.author)) {
      unknown.add(header.author);
      continue;
    }
    const key = directory.recordKey(header.author, header.signer);
    if (!key || !(await isSigned(key, header, body.ciphertext, body.recipients, body.batch))) throw new ProofError('evidence.author', `entry ${i + 1}: ${header.author}`);
    authors.add(header.author);
  }
  const witnesses = new Map<string, number>();
  let [held, others] = [0, 0];
  for (const [i, { note }] of evidence.witnesses.entries()) {
    others += othersUnder(note, origin);
    for (const organisation of witnessesOf(note, origin)) {
      const keys = directory.cosignKeys(organisation);
      if (keys.length === 0) {
        unknown.add(organisation);
        continue;
      }
      const signed = await Promise.all(keys.map((key) => isCosigned(note, origin, organisation, key)));
      if (!signed.includes(true)) throw new ProofError('cosignature.signature', organisation);
      held++;
      witnesses.set(organisation, Math.max(witnesses.get(organisation) ?? 0, checked.witnessed[i]!.size));
    }
  }
  return {
    authors: [...authors].sort(),
    unknown: [...unknown].sort(),
    witnesses: [...witnesses].sort(([a], [b]) => (a < b ? -1 : 1)).map(([organisation, size]) => ({ organisation, size })),
    unchecked: others - held,
  };
}
