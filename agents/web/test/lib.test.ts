import { beforeEach, describe, expect, test } from 'vitest';
import { dropDraft, forgetDrafts, openDrafts, readDraft, writeDraft } from '../src/lib/drafts';
import { findings } from '../src/lib/findings';
import { Problem } from '../src/lib/api';
import { agentLanguages, format, joined, speak, t } from '../src/lib/i18n.svelte';
import { backoff, EventReader } from '../src/lib/live';
import { placeOf } from '../src/lib/places';
import { grantFor, receiversOf, type Grant } from '../src/lib/receivers';
import { href, match, parseHash, type PageRoute } from '../src/lib/router.svelte';
import { allowed, home, routes } from '../src/routes';

describe('drafts', () => {
  beforeEach(async () => {
    await forgetDrafts();
    await openDrafts('nora');
  });
  test('come back, also in another tab of the same person', async () => {
    expect(await writeDraft('ask', { question: 'Wie helpt Milan?' })).toBe(true);
    await openDrafts('nora');
    expect((await readDraft<{ question: string }>('ask'))?.value.question).toBe('Wie helpt Milan?');
  });
  test('are not readable where they are kept', async () => {
    await writeDraft('ask', { question: 'Wie helpt Milan?' });
    const kept = await new Promise<{ sealed: ArrayBuffer }>((done) => {
      const request = indexedDB.open('schakel-drafts');
      request.onsuccess = () => {
        const got = request.result.transaction('drafts').objectStore('drafts').get('ask');
        got.onsuccess = () => done(got.result as { sealed: ArrayBuffer });
      };
    });
    expect(new TextDecoder().decode(kept.sealed)).not.toContain('Milan');
  });
  test('are destroyed at the sign-out, and when somebody else comes', async () => {
    await writeDraft('ask', { question: 'x' });
    await openDrafts('jan');
    expect(await readDraft('ask')).toBeNull();
    await openDrafts('nora');
    expect(await readDraft('ask')).toBeNull();
    await writeDraft('ask', { question: 'y' });
    await forgetDrafts();
    expect(await writeDraft('ask', { question: 'z' })).toBe(false);
    await openDrafts('nora');
    expect(await readDraft('ask')).toBeNull();
  });
  test('are dropped one by one', async () => {
    await writeDraft('a', 1);
    await writeDraft('b', 2);
    await dropDraft('a');
    expect(await readDraft('a')).toBeNull();
    expect((await readDraft('b'))?.value).toBe(2);
  });
});

describe('live changes', () => {
  const text = 'retry: 2000\n: open\n\nid: a-1\nevent: record\ndata: {"what":"record"}\n\n: here\n\nid: a-2\ndata: x\ndata: y\n\n';
  test.each([1, 3, 7, 1000])('are read whole from chunks of %i', (size) => {
    const reader = new EventReader();
    const found = [];
    for (let i = 0; i < text.length; i += size) found.push(...reader.feed(text.slice(i, i + size)));
    expect(found).toEqual([
      { id: 'a-1', event: 'record', data: '{"what":"record"}' },
      { id: 'a-2', event: '', data: 'x\ny' },
    ]);
  });
  test('lines may end as on any machine', () => {
    expect(new EventReader().feed('data: x\r\n\r\ndata: y\r\n\r\n')).toHaveLength(2);
  });
  test('it waits longer each time, not for ever, and not all at once', () => {
    expect(backoff(0, 1)).toBe(500);
    expect(backoff(3, 0)).toBe(2000);
    expect(backoff(50, 1)).toBe(30_000);
  });
});

describe('addresses', () => {
  const some: PageRoute[] = ['/a', '/a/new', '/a/:id', '/a/:id/:tab'].map((path) => ({ path, title: path, load: () => Promise.reject(new Error('never')) }));
  test.each([
    ['/a', '/a', {}],
    ['/a/', '/a', {}],
    ['/a/new', '/a/new', {}],
    ['/a/12', '/a/:id', { id: '12' }],
    ['/a/1%202/goals', '/a/:id/:tab', { id: '1 2', tab: 'goals' }],
  ])('%s is %s', (path, route, params) => {
    const found = match(some, path);
    expect(found?.route.path).toBe(route);
    expect(found?.params).toEqual(params);
  });
  test.each(['/', '/b', '/a/1/2/3', '/a/%E0%A4%A'])('%s is nowhere', (path) => expect(match(some, path)).toBeNull());
  test('what is asked for comes back', () => {
    expect(href('/a', { q: 'x&y', empty: '', none: undefined })).toBe('#/a?q=x%26y');
    expect(parseHash('#/a?q=x%26y')).toEqual({ path: '/a', query: { q: 'x&y' } });
    expect(parseHash('')).toEqual({ path: '/', query: {} });
  });
  test('everybody begins at a page of theirs', () => {
    expect(home(['worker', 'administrator'])).toBe('/today');
    for (const role of ['worker', 'coordinator', 'auditor']) {
      const found = match(routes, home([role]));
      expect(found && allowed(found.route, [role]), role).toBe(true);
    }
    expect(new Set(routes.map((one) => one.nav?.key).filter(Boolean)).size).toBe(routes.filter((one) => one.nav).length);
  });
  test('whatever waits leads somewhere', () => {
    const trajectory = { id: 'a'.repeat(32), label: 'x' };
    for (const what of ['invitation', 'answer', 'vote', 'grant-ends', 'sign', 'action', 'erase', 'new'] as const) {
      expect(placeOf({ what, record: 'b'.repeat(32), trajectory, kind: 'note' })).toMatch(/^#\/\w/);
      expect(placeOf({ what, record: null, trajectory: null, kind: 'note' })).toMatch(/^#\/\w/);
    }
  });
});

describe('receivers', () => {
  const grant = (id: string, more: Partial<Grant> = {}): Grant =>
    ({ id, recipient: { id: 'kjp', name: 'KJP' }, purposes: ['consultation'], categories: ['living', 'health'], state: 'in-force', standing: 'counts', ends_at: '2027-01-01T00:00:00Z', basis: 'consent', ...more }) as Grant;
  test.each([
    ['covers it', [grant('a')], ['living'], 'a'],
    ['covers more', [grant('a')], ['living', 'health'], 'a'],
    ['another category', [grant('a')], ['living', 'school'], null],
    ['another purpose', [grant('a', { purposes: ['crisis'] })], ['living'], null],
    ['another organisation', [grant('a', { recipient: { id: 'caw', name: 'CAW' } })], ['living'], null],
    ['withdrawn', [grant('a', { state: 'withdrawn' })], ['living'], null],
    ['waits for a parent', [grant('a', { standing: 'waits-parents' })], ['living'], null],
    ['the one that lasts longest', [grant('a'), grant('b', { ends_at: '2027-06-01T00:00:00Z' }), grant('c', { ends_at: '2027-03-01T00:00:00Z' })], ['living'], 'b'],
  ])('a grant that %s', (_, grants, categories, wanted) => {
    expect(grantFor(grants, 'kjp', 'consultation', categories)?.id ?? null).toBe(wanted);
  });
  test('who does and who does not, and why', () => {
    const found = receiversOf(
      { reaches: [{ id: 'kjp', name: 'KJP' }], unsure: [{ id: 'kjp', name: 'KJP' }], unreached: [{ organisation: { id: 'pol', name: 'Politie' }, reason: 'sector-ceiling', label: 'mag dit nooit', next: 'Bel' }] },
      [grant('a')], 'consultation', ['living'],
    );
    expect(found).toMatchObject([
      { organisation: { id: 'kjp' }, reached: true, unsure: true, grant: { id: 'a' } },
      { organisation: { id: 'pol' }, reached: false, label: 'mag dit nooit', next: 'Bel' },
    ]);
  });
});

test('findings are counted in bytes, over subject and question', () => {
  const problem = new Problem(400, { rule: 'consultation.identifying', findings: [{ what: 'phone', at: 8, length: 4, certain: true }] });
  expect(findings(problem, 'één', 'bel 0123')[0]).toEqual({ what: 'phone', certain: true, text: ' 012' });
});

describe('words', () => {
  beforeEach(() => speak('nl'));
  test('holes are filled, what has no value stays', () => {
    expect(format('{a} en {b}', { a: 'x' })).toBe('x en {b}');
  });
  test('counts choose their form', () => {
    expect(t('today.changes', { count: 1 })).toBe('1 verandering');
    expect(t('today.changes', { count: 1200 })).toBe('1.200 veranderingen');
  });
  test('the agent is asked in a language that it has', async () => {
    await speak('fr');
    expect(agentLanguages()).toMatch(/^fr, nl/);
    expect(t('today.title')).toBe("Aujourd'hui");
    expect(document.documentElement.lang).toBe('fr');
  });
  test('a key without words is a mistake', () => {
    expect(() => t('no.such')).toThrow();
  });
});

test('in French no line ends before a sign that a space goes before', () => {
  expect(joined('Fini ? Sous « Qui a vu quoi » : {name} ; oui !')).toBe('Fini\u00a0? Sous «\u00a0Qui a vu quoi\u00a0»\u00a0: {name}\u00a0; oui\u00a0!');
});
