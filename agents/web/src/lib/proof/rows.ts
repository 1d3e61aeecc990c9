// What the entries of a file say happened, to be held against what the agent showed: the same folding as its own.
import { none, type Entry } from './entry';

export interface Row {
  sequence?: number | null | undefined;
  what?: string;
  organisation?: { id: string } | null;
  record?: string | null;
}
// Null: it stands in this organisation's vault alone, and no file can prove it.
export const keyOf = ({ sequence, what, organisation, record }: Row): string | null =>
  sequence == null || !organisation ? null : [sequence, what, organisation.id, record ?? none].join(' ');

export function keysOf(entries: Entry[]): Set<string> {
  const keys = new Set<string>();
  const key = (sequence: number, what: string, id: string, record: string): string => keyOf({ sequence, what, organisation: { id }, record })!;
  const handed = new Map<string, string>(); // Recipient and record: the row that says so.
  for (const { sequence, body } of entries) {
    const say = (what: string, organisation: string, record: string): string => {
      const one = key(sequence, what, organisation, record);
      keys.add(one);
      return one;
    };
    if (body.type === 'record') {
      const { author, id, kind, views } = body.header;
      if (kind === 13) for (const view of views) say('saw', author, view.record);
      else say('sent', author, id);
    } else if (body.type === 'delivery') {
      const row = say(body.withheld === null ? 'handed-over' : 'withheld', body.recipient, body.record);
      if (body.withheld === null) handed.set(`${body.recipient} ${body.recordSequence}`, row);
    } else if (body.type === 'denial') {
      const before = handed.get(`${body.recipient} ${body.recordSequence}`);
      if (before === undefined) say('refused', body.recipient, body.record);
      else {
        // A denial after a delivery: the content had not left yet, and did not.
        keys.delete(before);
        keys.add(before.replace(' handed-over ', ' withheld '));
      }
    } else if (body.type === 'session') {
      if (body.event === 3) say('asked', body.organisation, body.record);
    } else if (body.type === 'answer') say('asked', body.asker, body.record);
  }
  return keys;
}
