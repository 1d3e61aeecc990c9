// Where things stand in the pictures of the network: rings, generations, lanes.
import { cleanup, render } from '@testing-library/svelte';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { familiesOf, generationsOf, layOut, type Couple, type Parentage } from '../src/lib/network/genogram';
import { beside, between, directions, radii, ringAt, spread, stand, type Standing } from '../src/lib/network/rings';
import type { LifeEvent } from '../src/lib/network/types';
import LifePicture from '../src/pages/network/LifePicture.svelte';

afterEach(cleanup);

const figures = (count: number, ring: (i: number) => number): Standing[] => Array.from({ length: count }, (_, i) => ({ id: `f${i}`, ring: ring(i) }));
const rings = radii(600, 3, 50);
const apart = (spots: Map<string, { x: number; y: number }>): number => {
  const all = [...spots.values()];
  return Math.min(...all.flatMap((one, i) => all.slice(i + 1).map((other) => Math.hypot(one.x - other.x, one.y - other.y))));
};

describe('the rings of an ecogram', () => {
  test('lie one around the other, within the picture', () => {
    expect([...rings].sort((one, other) => one - other)).toEqual(rings);
    expect(rings.at(-1)).toBeCloseTo(250);
  });
  test('nobody stands on another, also when many are near', () => {
    for (const count of [1, 2, 7, 20]) {
      const all = figures(count, (i) => i % 3);
      if (count > 1) expect(apart(stand(all, directions(all), rings, 300, 48)), String(count)).toBeGreaterThan(40);
    }
  });
  test('whoever stays on a ring stays where they are when others come or go', () => {
    const all = figures(9, (i) => i % 3);
    const ways = directions(all);
    const now = stand(all, ways, rings, 300, 20);
    const then = stand(all.slice(3), ways, rings, 300, 20);
    for (const [id, spot] of then) expect(now.get(id)).toEqual(spot);
  });
  test('whoever comes later changes nobody’s direction', () => {
    const all = figures(12, (i) => i % 3);
    const [now, then] = [directions(all), directions(all.slice(0, 5))];
    for (const [id, angle] of then) expect(now.get(id)).toBe(angle);
  });
  test('a point lies on the nearest ring', () => {
    rings.forEach((radius, i) => expect(ringAt(300 + radius + 3, 300, rings, 300)).toBe(i));
    expect(ringAt(300, 300, rings, 300)).toBe(0);
    expect(ringAt(600, 600, rings, 300)).toBe(2);
  });
  test('what is spread keeps its order, and is left alone where there is room', () => {
    expect(spread([0, 1, 2], 0.5)).toEqual([0, 1, 2]);
    const [one, other] = spread([1, 1.1], 0.4);
    expect(other! - one!).toBeCloseTo(0.4);
    expect((one! + other!) / 2).toBeCloseTo(1.05);
  });
  test('a line ends where the signs begin', () => {
    expect(between({ x: 0, y: 0 }, { x: 100, y: 0 }, 10, 20)).toEqual({ x1: 10, y1: 0, x2: 80, y2: 0 });
    expect(between({ x: 0, y: 0 }, { x: 100, y: 0 }, 10, 10, 6)).toMatchObject({ y1: 6, y2: 6 });
  });
});

describe('by keyboard', () => {
  const all = figures(8, (i) => (i < 4 ? 0 : 1));
  const spots = stand(all, directions(all), rings, 300, 40);
  const walk = (from: string, ...keys: string[]): string => keys.reduce((at, key) => beside(at, key, all, spots), from);
  test('one gets all around a ring and back', () => {
    const seen = new Set<string>();
    let at = 'f0';
    for (let i = 0; i < 4; i++) seen.add((at = walk(at, 'ArrowRight')));
    expect(seen).toEqual(new Set(['f0', 'f1', 'f2', 'f3']));
    expect(at).toBe('f0');
    expect(walk('f0', 'ArrowRight', 'ArrowLeft')).toBe('f0');
  });
  test('further away and nearer again; at the edge one stays', () => {
    const out = walk('f0', 'ArrowDown');
    expect(all.find((one) => one.id === out)!.ring).toBe(1);
    expect(walk(out, 'ArrowUp')).toBe('f0');
    expect(walk(out, 'ArrowDown')).toBe(out);
    expect(walk('f0', 'ArrowUp')).toBe('f0');
  });
  test('over an empty ring', () => {
    const two = [{ id: 'a', ring: 0 }, { id: 'b', ring: 2 }];
    expect(beside('a', 'ArrowDown', two, stand(two, directions(two), rings, 300, 40))).toBe('b');
  });
});

describe('a genogram', () => {
  // Grandparents on both sides; the mother divorced and has a new partner; a half brother.
  const born: Record<string, string> = { opa: '1948', oma: '1950', opi: '1945', omi: '1947', mama: '1975', tante: '1979', papa: '1973', nieuw: '1980', sam: '2004', noor: '2008', lou: '2019' };
  const people = Object.keys(born).map((id) => ({ id, born: born[id]! }));
  const couple = (one: string, other: string): Couple => ({ id: `${one}-${other}`, one, other });
  const couples = [couple('opa', 'oma'), couple('opi', 'omi'), couple('mama', 'papa'), couple('mama', 'nieuw')];
  const of = (parents: string[], children: string[]): Parentage[] => children.flatMap((child) => parents.map((parent) => ({ parent, child })));
  const parentages = [...of(['opa', 'oma'], ['mama', 'tante']), ...of(['opi', 'omi'], ['papa']), ...of(['mama', 'papa'], ['sam', 'noor']), ...of(['mama', 'nieuw'], ['lou'])];
  const { places, families, generations, width } = layOut(people, couples, parentages);
  const at = (id: string): { x: number; generation: number } => places.get(id)!;

  test('has a row for each generation', () => {
    expect(generations).toBe(3);
    expect(['opa', 'oma', 'opi', 'omi'].map((id) => at(id).generation)).toEqual([0, 0, 0, 0]);
    expect(['mama', 'tante', 'papa', 'nieuw'].map((id) => at(id).generation)).toEqual([1, 1, 1, 1]);
    expect(['sam', 'noor', 'lou'].map((id) => at(id).generation)).toEqual([2, 2, 2]);
  });
  test('puts nobody on another, and all within its width', () => {
    for (let row = 0; row < generations; row++) {
      const xs = [...places.values()].filter((one) => one.generation === row).map((one) => one.x).sort((one, other) => one - other);
      xs.slice(1).forEach((x, i) => expect(x - xs[i]!).toBeGreaterThanOrEqual(1 - 1e-9));
    }
    for (const { x } of places.values()) expect(x >= 0 && x <= width - 1).toBe(true);
  });
  test('puts whoever has two partners between them', () => {
    expect((at('papa').x - at('mama').x) * (at('nieuw').x - at('mama').x)).toBeLessThan(0);
  });
  test('crosses no lines where it can be without', () => {
    const side = Math.sign(at('papa').x - at('mama').x);
    for (const [one, other] of [['opi', 'opa'], ['sam', 'lou'], ['noor', 'lou']] as const) expect(Math.sign(at(one).x - at(other).x), `${one} ${other}`).toBe(side);
  });
  test('stands children in the order of birth', () => expect(at('sam').x).toBeLessThan(at('noor').x));
  test('gives bars that would lie on each other another level', () => {
    const ofMama = families.filter((one) => one.parents.includes('mama'));
    expect(ofMama).toHaveLength(2);
    expect(new Set(ofMama.map((one) => one.level)).size).toBe(2);
  });
  test('a lone parent is a family too, and grandparents stand right above', () => {
    const lone = familiesOf([], [{ parent: 'a', child: 'b' }]);
    expect(lone).toEqual([{ id: 'a', parents: ['a'], children: ['b'], couple: null }]);
    const deep = familiesOf([couple('mama', 'papa')], [...of(['over'], ['opa']), ...of(['opa'], ['mama']), ...of(['opi'], ['papa'])]);
    const rows = generationsOf(['over', 'opa', 'opi', 'mama', 'papa'].map((id) => ({ id, born: '' })), deep);
    expect(Object.fromEntries(rows)).toEqual({ over: 0, opa: 1, opi: 1, mama: 2, papa: 2 });
  });
  test('what contradicts itself still ends', () => {
    const loop = layOut([{ id: 'a', born: '' }, { id: 'b', born: '' }], [couple('a', 'b')], [{ parent: 'a', child: 'b' }, { parent: 'b', child: 'a' }]);
    expect(loop.places.size).toBe(2);
  });
  test('of nobody is empty', () => expect(layOut([], [], [])).toMatchObject({ generations: 0, width: 0 }));
});

describe('a lifeline', () => {
  const events = [
    { id: 'e1', lane: 'stay', title: 'thuis', begins: '2010-01-01', ends: '2019-12-31' },
    { id: 'e2', lane: 'school', title: 'Sint-Jan', begins: '2015-09-01', ends: '2020-06-30' },
  ] as unknown as (LifeEvent & { lane: string; begins: string })[];
  const props = { label: 'levenslijn', events, gaps: [], order: ['stay', 'school'], today: '2026-11-27' };
  // Nothing is laid out here: what a picture asks of its width stays unanswered.
  beforeAll(() => vi.stubGlobal('ResizeObserver', class { observe() {} unobserve() {} disconnect() {} }));
  afterAll(() => vi.unstubAllGlobals());
  test('each event opens its form, for mouse and keyboard', () => {
    const { container } = render(LifePicture, { props: { ...props, edit: (id: string) => `#/edit/${id}` } });
    expect([...container.querySelectorAll('a')].map((one) => one.getAttribute('href'))).toEqual(['#/edit/e1', '#/edit/e2']);
    expect([...container.querySelectorAll('a')].map((one) => one.textContent?.trim())).toEqual(['thuis', 'Sint-Jan']);
  });
  test('who may not write is given a picture and no links', () => {
    const { container } = render(LifePicture, { props });
    expect(container.querySelectorAll('a[href]')).toHaveLength(0);
  });
});
