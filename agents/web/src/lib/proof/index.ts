// Whether a file of evidence holds, decided here and by nobody else: fetched when somebody asks who saw what.
import { checksSignatures, fromHex, type Bytes } from './bytes';
import { checkEvidence, readEvidence } from './evidence';
import { readVerifier } from './note';
import { ProofError } from './reader';
import { keysOf } from './rows';
import { checkComplete, checkParties, checkWhole, type Complete, type Parties } from './verdict';

export { ProofError } from './reader';
export { keyOf } from './rows';

// What this organisation's agent was given when it was enrolled, and holds everything else against.
export interface Pins {
  hub_key: string;
  registrars: { threshold: number; keys: string[] };
}
export interface Verdict {
  log: string;
  subject: string;
  entries: number;
  size: number;
  keys: Set<string>; // Of the rows that it proves.
  complete: Complete[];
  parties: Parties | null; // Null: no signature can be checked here.
}

export async function verdictOn(file: Bytes, pins: Pins, done?: (entries: number, of: number) => void): Promise<Verdict> {
  const verifier = await readVerifier(pins.hub_key);
  const signatures = await checksSignatures();
  const evidence = readEvidence(file);
  if (evidence.entries.length === 0) throw new ProofError('evidence.empty');
  const checked = await checkEvidence(evidence, verifier, { unsigned: !signatures, done: (entries) => done?.(entries, evidence.entries.length) });
  checkWhole(checked.entries);
  const registrars = { threshold: pins.registrars.threshold, keys: pins.registrars.keys.map(fromHex) };
  return {
    log: verifier.name,
    subject: evidence.subject,
    entries: checked.entries.length,
    size: checked.head.size,
    keys: keysOf(checked.entries),
    complete: checkComplete(evidence, checked),
    parties: signatures ? await checkParties(evidence, checked, verifier.name, registrars) : null,
  };
}
