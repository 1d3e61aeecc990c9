// Where the events of a lifeline stand: a lane for each sort, and within it as many rows as there lie beside each other.
import { firstOf, lastOf } from './days';

export interface Lasting {
  id: string;
  lane: string;
  begins: string;
  ends: string; // Empty: it goes on.
}
export interface Placed {
  id: string;
  from: number; // Of the whole width: 0 to 1.
  to: number;
  row: number; // In the lane.
}
export interface Lanes {
  years: { year: number; at: number }[];
  lanes: { lane: string; rows: number; events: Placed[] }[];
  at: (day: string, end?: boolean) => number;
}

// `room` is how much of the width the words of an event take beside it.
export function lanesOf(events: Lasting[], order: readonly string[], today: string, room: number): Lanes {
  const begin = Math.min(firstOf(today), ...events.map((one) => firstOf(one.begins)));
  const end = Math.max(lastOf(today), ...events.map((one) => lastOf(one.ends || today)), ...events.map((one) => lastOf(one.begins)));
  const span = Math.max(end - begin, 30 * 86_400_000);
  const at = (day: string, last = false): number => ((last ? lastOf(day) : firstOf(day)) - begin) / span;
  const first = new Date(begin).getUTCFullYear();
  const count = new Date(begin + span).getUTCFullYear() - first + 1;
  const step = Math.ceil(count / Math.max(1, Math.min(12, Math.floor(1 / (room * 0.7)))));
  const years = Array.from({ length: Math.ceil(count / step) }, (_, i) => first + i * step).map((year) => ({ year, at: at(String(year)) })).filter((one) => one.at >= 0);
  return {
    years,
    at,
    lanes: order.map((lane) => {
      const ends: number[] = [];
      const placed = events
        .filter((one) => one.lane === lane)
        .sort((one, other) => one.begins.localeCompare(other.begins) || one.id.localeCompare(other.id))
        .map((one) => {
          const from = at(one.begins);
          const to = Math.max(at(one.ends || (one.begins > today ? one.begins : today), true), from + 0.004);
          const until = Math.max(to, from + room);
          let row = ends.findIndex((free) => free <= from);
          if (row < 0) row = ends.length;
          ends[row] = until;
          return { id: one.id, from, to, row };
        });
      return { lane, rows: Math.max(ends.length, 1), events: placed };
    }),
  };
}
