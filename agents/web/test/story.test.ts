// One line through time, and how near one looks at it; who may see what.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Schemas } from '../src/lib/api';
import { beside, buckets, dayOf, group, horizonOf, known, storyOf, storyOfDossier, unsure, within, wider, zoomed, type Dossier, type Entry } from '../src/lib/story';
import { repository } from './repository';
import { cellOf, covered, effectOf } from '../src/lib/scope';

const org = (id: string): Schemas['Organisation'] => ({ id, name: id.toUpperCase() });
const grant = (over: Partial<Schemas['Grant']> = {}): Schemas['Grant'] =>
  ({
    id: 'g1', recipient: org('kjp'), author: org('gent'), purposes: ['consultation'], categories: ['mental-health', 'living'], begins_at: '2026-01-01T00:00:00Z', ends_at: '2026-12-01T00:00:00Z',
    basis: 'consent', grantor: 'young-person', state: 'in-force', standing: 'counts', given_at: '2026-01-01T08:00:00Z', taken_back: [], ...over,
  }) as Schemas['Grant'];
const trajectory = (over: Partial<Schemas['Trajectory']> = {}): Schemas['Trajectory'] =>
  ({ id: 't', opened_at: '2025-11-26T09:00:00Z', opening: 'o', items: [], grants: [], frames: [], consultations: [], tables: [], handovers: [], lead_offer: null, withheld: [], members: [], ...over }) as unknown as Schemas['Trajectory'];
const item = (at: string, kind = 'note', categories: string[] = ['living']): Schemas['Item'] => ({ id: `${kind}-${at}`, kind, author: org('gent'), at, purpose: 'consultation', categories, state: 'accepted' }) as Schemas['Item'];

describe('the story', () => {
  const whole = trajectory({
    items: [item('2026-03-14T22:30:00Z'), item('2026-03-14T23:30:00Z')],
    grants: [grant({ taken_back: [{ record: 'n1', kind: 'grant-narrow', author: org('gent'), at: '2026-05-02T10:00:00Z', sealed_at: null, destroyed_at: null, answers_known: true, outstanding: [] }] })],
    withheld: [{ record: 'w', at: '2026-06-01T10:00:00Z', reason: 'withdrawn', label: 'ingetrokken', next: '' }],
  });
  const story = storyOf(whole);
  test('holds what the trajectory tells, the newest first', () => {
    expect(story.map((one) => one.kind)).toEqual(['withheld', 'grant-narrow', 'note', 'note', 'grant-give', 'trajectory-open']);
    expect(new Set(story.map((one) => one.id)).size).toBe(story.length);
    expect(story.map((one) => one.group)).toEqual(['withheld', 'consent', 'notes', 'notes', 'consent', 'people']);
  });
  test('sorts everything that can stand in a trajectory where people look for it', () => {
    const file = readFileSync(repository('protocol/vocabulary.cc'), 'utf8');
    const kinds = [...file.matchAll(/\{Kind::k\w+,\s*"([a-z-]+)"/g)].map(([, kind]) => kind!);
    expect(kinds.length).toBeGreaterThan(60);
    const among = kinds.filter((kind) => group(kind) === 'notes' && !/^(views$|erase-|grant-receipt|attachment-chunk|place-|learning-case)/.test(kind));
    expect(among.toSorted()).toEqual(['agreement', 'attachment', 'exception-mark', 'note', 'reveal', 'share-again']);
    const wanted = { life: ['life-event', 'life-domain'], network: ['network-figure', 'network-tie', 'kinship', 'circular-question', 'circular-answer'], modules: ['module-switch'], contact: ['contact-moment', 'alert', 'alert-withdrawn'] };
    for (const [name, some] of Object.entries(wanted)) for (const kind of some) expect([kind, group(kind), kinds.includes(kind)]).toEqual([kind, name, true]);
  });
  test('once it was read, a life stands where it happened', () => {
    const told = storyOf(trajectory({ items: [item('2026-03-14T10:00:00Z', 'life-event'), item('2026-03-15T10:00:00Z', 'life-event')] }));
    const event = (id: string, begins: string) => ({ id, version: id, versions: [{ record: id }], author: org('gent'), begins, title: 'De Pas' });
    const dossier = { goals: [], criteria: [], actions: [], commitments: [], referrals: [], modules: [], life: [event('life-event-2026-03-14T10:00:00Z', '2021-09'), event('life-event-2026-03-15T10:00:00Z', '')] } as unknown as Dossier;
    const all = [...known(told, dossier), ...storyOfDossier(dossier)].filter((one) => one.kind === 'life-event');
    // Of which nobody knows when it began, it stays where it was written down.
    expect(all.map((one) => [dayOf(one.at), one.note])).toEqual([['2026-03-15', ''], ['2021-09-01', 'De Pas']]);
    for (const begins of ['2009', '2009-03', '2009-03-04']) expect(dayOf(storyOfDossier({ ...dossier, life: [event('e', begins)] as unknown as Dossier['life'] })[0]!.at)).toBe(`${begins}-01-01`.slice(0, 10));
  });
  test('days are those of the Belgian clock', () => {
    expect(dayOf('2026-03-14T22:30:00Z')).toBe('2026-03-14');
    expect(dayOf('2026-03-14T23:30:00Z')).toBe('2026-03-15');
    expect(within(story, '2026-03-14')).toHaveLength(1);
    expect(within(story, '2026-03')).toHaveLength(2);
  });
  test('says from which day on all of it is here', () => {
    const items = [item('2026-03-14T10:00:00Z'), item('2026-02-02T23:30:00Z'), item('2026-04-01T10:00:00Z')];
    expect(horizonOf(items, 'more')).toBe('2026-02-03');
    expect(horizonOf(items, null)).toBe('');
    expect(horizonOf([], 'more')).toBe('');
    const cases: [string, string, boolean][] = [['', '2026-02-03', true], ['2026', '2026-02-03', true], ['2027', '2026-02-03', false], ['2026-02', '2026-02-03', true], ['2026-03', '2026-02-03', false], ['2026-02-03', '2026-02-03', true], ['2026-02-04', '2026-02-03', false], ['', '', false], ['2020', '', false]];
    for (const [zoom, horizon, want] of cases) expect(unsure(zoom, horizon), `${zoom} ${horizon}`).toBe(want);
  });
  test('zooms from years to a day', () => {
    expect(buckets(story, '').map((one) => [one.zoom, one.count])).toEqual([['2025', 1], ['2026', 5]]);
    expect(buckets(story, '2026')).toHaveLength(12);
    expect(buckets(story, '2026')[2]).toEqual({ zoom: '2026-03', count: 2 });
    expect(buckets(story, '2026-02')).toHaveLength(28);
    expect(buckets(story, '2026-03-14')).toEqual([]);
    expect(buckets([] as Entry[], '')).toEqual([]);
    // All in one year: its months at once.
    expect(buckets(within(story, '2026'), '')).toEqual(buckets(story, '2026'));
    expect([wider('2026-03-14'), wider('2026-03'), wider('2026')]).toEqual(['2026-03', '2026', '']);
    expect([beside('2026', 1), beside('2026-01', -1), beside('2026-02-28', 1)]).toEqual(['2027', '2025-12', '2026-03-01']);
  });
  test('an address that is no moment shows everything', () => {
    expect([zoomed('2026-3'), zoomed('x'), zoomed(undefined), zoomed('2026-03')]).toEqual(['', '', '', '2026-03']);
  });
});

describe('who may see what', () => {
  test('a grant that counts opens its categories for its purposes, until it ends', () => {
    expect(cellOf([grant()], 'kjp', 'living', 'consultation', null)).toMatchObject({ allowed: 'now', until: '2026-12-01T00:00:00Z' });
    expect(cellOf([grant()], 'kjp', 'living', 'crisis', null).allowed).toBe('no');
    expect(cellOf([grant()], 'kjp', 'school', '', null).allowed).toBe('no');
    expect(cellOf([grant()], 'caw', 'living', '', null).allowed).toBe('no');
  });
  test('what waits for somebody, has yet to begin or is over opens nothing', () => {
    expect(cellOf([grant({ standing: 'waits-parents' })], 'kjp', 'living', '', null).allowed).toBe('waits');
    expect(cellOf([grant({ state: 'coming', standing: 'not-in-force' })], 'kjp', 'living', '', null).allowed).toBe('later');
    expect(cellOf([grant({ standing: 'lapsed' })], 'kjp', 'living', '', null).allowed).toBe('no');
    expect(cellOf([grant({ state: 'withdrawn', standing: 'not-in-force' })], 'kjp', 'living', '', null).allowed).toBe('no');
  });
  test('what a sector may never have is never', () => {
    expect(cellOf([], 'kjp', 'health', '', ['living']).allowed).toBe('never');
    expect(effectOf([grant()], 'kjp', ['consultation'], ['living', 'school', 'health'], ['living', 'school'])).toEqual({ added: ['school'], had: ['living'], never: ['health'], waits: false });
    // Of two purposes one was not open yet: so it is added.
    expect(effectOf([grant()], 'kjp', ['consultation', 'crisis'], ['living'], null).added).toEqual(['living']);
  });
  test('a record is covered by one grant whole, for grants do not add up', () => {
    const both = item('2026-03-01T00:00:00Z', 'note', ['living', 'school']);
    expect(covered([both], [grant(), grant({ id: 'g2', categories: ['school'] })], 'kjp')).toEqual([]);
    expect(covered([both], [grant({ categories: ['living', 'school'] })], 'kjp')).toEqual([both]);
  });
});
