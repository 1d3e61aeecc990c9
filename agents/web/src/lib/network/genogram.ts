// Where the people of a family stand in a genogram: a row for each generation, partners beside each other, children below
// their parents in the order of birth, with as few crossing lines as a few sweeps find.
export interface Person {
  id: string;
  born: string; // A year or a day; empty: not known.
}
export interface Couple {
  id: string;
  one: string;
  other: string;
}
export interface Parentage {
  parent: string;
  child: string;
}
export interface Family {
  id: string;
  parents: string[]; // One or two.
  children: string[];
  couple: Couple | null;
}
export interface Place {
  x: number;
  generation: number; // 0 is the oldest.
}
export interface Genogram {
  places: Map<string, Place>;
  families: (Family & { level: number })[]; // Bars of one generation that would lie on each other have another level.
  generations: number;
  width: number; // In columns.
}

// Children of the same parents are one family; a couple without children too.
export function familiesOf(couples: Couple[], parentages: Parentage[]): Family[] {
  const parentsOf = new Map<string, string[]>();
  for (const { parent, child } of parentages) parentsOf.set(child, [...new Set([...(parentsOf.get(child) ?? []), parent])].sort());
  const families = new Map<string, Family>();
  for (const couple of couples) {
    const parents = [couple.one, couple.other].sort();
    families.set(parents.join(), { id: parents.join(), parents, children: [], couple });
  }
  for (const [child, parents] of parentsOf) {
    const id = parents.join();
    const family = families.get(id) ?? { id, parents, children: [], couple: null };
    family.children.push(child);
    families.set(id, family);
  }
  return [...families.values()];
}

// Children stand a row below their parents, partners on the same row. What contradicts itself (somebody who is their own
// grandparent) ends after as many rounds as there are people.
export function generationsOf(people: Person[], families: Family[]): Map<string, number> {
  const rows = new Map(people.map(({ id }) => [id, 0]));
  const row = (id: string): number => rows.get(id) ?? 0;
  for (let round = 0; round <= people.length; round++) {
    let moved = false;
    const lift = (id: string, to: number): void => {
      if (!rows.has(id) || row(id) >= to || to > people.length) return;
      rows.set(id, to);
      moved = true;
    };
    for (const { parents, children } of families) {
      const lowest = Math.max(...parents.map(row));
      for (const parent of parents) lift(parent, lowest);
      for (const child of children) lift(child, lowest + 1);
    }
    if (!moved) break;
  }
  // Grandparents of whom nobody older is known stand right above their children.
  for (let round = 0; round <= people.length; round++) {
    let moved = false;
    for (const { parents, children } of families) {
      if (children.length === 0) continue;
      const to = Math.min(...children.map(row)) - 1;
      const free = parents.every((one) => row(one) < to && !families.some((other) => other.children.includes(one) || (other.parents.includes(one) && other.parents.some((with_) => !parents.includes(with_)))));
      if (!free) continue;
      for (const parent of parents) rows.set(parent, to);
      moved = true;
    }
    if (!moved) break;
  }
  const first = Math.min(...rows.values(), people.length);
  return new Map([...rows].map(([id, at]) => [id, at - first]));
}

// Whoever are partners of each other stand together: as a chain, so that somebody with two partners stands between them.
function chains(row: string[], families: Family[]): string[][] {
  const inRow = new Set(row);
  const partners = (id: string): string[] => families.filter((one) => one.parents.length === 2 && one.parents.includes(id)).map((one) => one.parents.find((other) => other !== id)!).filter((one) => inRow.has(one));
  const seen = new Set<string>();
  const walk = (id: string): string[] => {
    if (seen.has(id)) return [];
    seen.add(id);
    const [left, ...more] = partners(id).filter((one) => !seen.has(one)).map(walk).filter((one) => one.length > 0);
    return more.length > 0 ? [...(left ?? []).reverse(), id, ...more.flat()] : [id, ...(left ?? [])];
  };
  // From an end of the chain, where there is one.
  return [...row].sort((one, other) => partners(one).length - partners(other).length).map(walk).filter((one) => one.length > 0);
}

export function layOut(people: Person[], couples: Couple[], parentages: Parentage[]): Genogram {
  const known = new Set(people.map((one) => one.id));
  const families = familiesOf(
    couples.filter((one) => known.has(one.one) && known.has(one.other)),
    parentages.filter((one) => known.has(one.parent) && known.has(one.child)),
  );
  const rows = generationsOf(people, families);
  const generations = people.length ? Math.max(...rows.values()) + 1 : 0;
  const born = new Map(people.map((one) => [one.id, one.born || '9999']));
  const older = (one: string, other: string): number => born.get(one)!.localeCompare(born.get(other)!) || one.localeCompare(other);
  const x = new Map<string, number>();
  const mean = (ids: string[]): number | null => (ids.length ? ids.reduce((sum, id) => sum + x.get(id)!, 0) / ids.length : null);
  const above = (id: string): string[] => families.filter((one) => one.children.includes(id)).flatMap((one) => one.parents);
  const below = (id: string): string[] => families.filter((one) => one.parents.includes(id)).flatMap((one) => one.children);

  const blocks = Array.from({ length: generations }, (_, i) => chains(people.filter((one) => rows.get(one.id) === i).map((one) => one.id).sort(older), families));
  const place = (row: string[][]): void => row.flat().forEach((id, i) => x.set(id, i));
  blocks.forEach(place);
  const sort = (row: string[][], near: (id: string) => string[]): void => {
    for (const chain of row) {
      const [first, last] = [mean(near(chain[0]!)), mean(near(chain.at(-1)!))];
      if (chain.length > 1 && first !== null && last !== null && first > last) chain.reverse();
    }
    const want = new Map(row.map((chain) => [chain, mean(chain.flatMap(near)) ?? mean(chain)!]));
    const eldest = (chain: string[]): string => [...chain].sort(older).find((one) => above(one).length > 0) ?? chain[0]!;
    row.sort((one, other) => want.get(one)! - want.get(other)! || older(eldest(one), eldest(other)));
    place(row);
  };
  const crossed = (): number => {
    let count = 0;
    const lines = families.flatMap((one) => one.children.flatMap((child) => one.parents.map((parent) => [rows.get(parent)!, x.get(parent)!, x.get(child)!] as const)));
    lines.forEach(([row, from, to], i) => {
      for (const [other, otherFrom, otherTo] of lines.slice(i + 1)) if (row === other && (from - otherFrom) * (to - otherTo) < 0) count++;
    });
    return count;
  };
  let best = { count: Infinity, rows: blocks.map((row) => row.map((chain) => [...chain])) };
  for (let sweep = 0; sweep < 8 && best.count > 0; sweep++) {
    for (let i = 1; i < generations; i++) sort(blocks[i]!, above);
    if (crossed() < best.count) best = { count: crossed(), rows: blocks.map((row) => row.map((chain) => [...chain])) };
    for (let i = generations - 2; i >= 0; i--) sort(blocks[i]!, below);
    if (crossed() < best.count) best = { count: crossed(), rows: blocks.map((row) => row.map((chain) => [...chain])) };
  }
  best.rows.forEach(place);

  // Then each chain towards the middle of its parents or children, without passing its neighbours.
  const settle = (row: string[][], near: (id: string) => string[]): void => {
    const wanted = row.map((chain) => {
      const shifts = chain.flatMap((id) => {
        const to = mean(near(id));
        // Of two partners with children the middle of both stands above these.
        const from = near === below ? mean(chain.filter((one) => below(one).length > 0)) : x.get(id)!;
        return to === null || from === null ? [] : [to - from];
      });
      return x.get(chain[0]!)! + (shifts.length ? shifts.reduce((sum, one) => sum + one, 0) / shifts.length : 0);
    });
    // From the left as far as they must, then as far back as they may: the mean of both.
    const right: number[] = [];
    row.forEach((_, i) => right.push(Math.max(wanted[i]!, i ? right[i - 1]! + row[i - 1]!.length : -Infinity)));
    const left: number[] = new Array<number>(row.length);
    for (let i = row.length - 1; i >= 0; i--) left[i] = Math.min(wanted[i]!, i < row.length - 1 ? left[i + 1]! - row[i]!.length : Infinity);
    row.forEach((chain, i) => chain.forEach((id, n) => x.set(id, (right[i]! + left[i]!) / 2 + n)));
  };
  for (let sweep = 0; sweep < 6; sweep++) {
    for (let i = 1; i < generations; i++) settle(best.rows[i]!, above);
    for (let i = generations - 2; i >= 0; i--) settle(best.rows[i]!, below);
  }
  const [least, most] = [Math.min(...x.values()), Math.max(...x.values())];
  const places = new Map(people.map(({ id }) => [id, { x: x.get(id)! - least, generation: rows.get(id)! }]));
  return { places, families: levelled(families, places), generations, width: people.length ? most - least + 1 : 0 };
}

function levelled(families: Family[], places: Map<string, Place>): Genogram['families'] {
  const taken: { row: number; level: number; from: number; to: number }[] = [];
  const reach = (one: Family): number[] => [...one.parents, ...one.children].map((id) => places.get(id)!.x);
  return [...families]
    .sort((one, other) => Math.min(...reach(one)) - Math.min(...reach(other)))
    .map((family) => {
      const row = Math.max(...family.parents.map((one) => places.get(one)!.generation));
      const [from, to] = [Math.min(...reach(family)), Math.max(...reach(family))];
      let level = 0;
      while (taken.some((one) => one.row === row && one.level === level && one.from <= to && one.to >= from)) level++;
      taken.push({ row, level, from, to });
      return { ...family, level };
    });
}
