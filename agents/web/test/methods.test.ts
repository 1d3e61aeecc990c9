// The form of help over time, contacts and alerts: what the page says of them, and to whom it offers what.
import { cleanup, fireEvent, render, screen } from '@testing-library/svelte';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { Schemas } from '../src/lib/api';
import { acts } from '../src/lib/acts';
import { actOf } from '../src/lib/acts/described';
import adulthood from '../src/sheets/adulthood.json';
import hearing from '../src/sheets/hearing.json';
import type { ActSheet } from '../src/lib/sheets/sheet';
import ActForm from '../src/lib/acts/ActForm.svelte';
import type { Context, Values } from '../src/lib/acts/act';
import RecordView from '../src/lib/components/RecordView.svelte';
import { t } from '../src/lib/i18n.svelte';
import { choicesIn, startOf } from '../src/lib/methods';
import { placeOf } from '../src/lib/places';
import { storyOf } from '../src/lib/story';
import Methods from '../src/pages/methods/Methods.svelte';

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});
const org = (id: string): { id: string; name: string } => ({ id, name: id.toUpperCase() });
const record = (id: string, body: object, at = '2026-11-01T10:00:00Z', author = 'gent'): Schemas['Record'] => ({ id, author: org(author), at, kind: 'x', purpose: 'safety', categories: [], body }) as unknown as Schemas['Record'];
const request = (who: string, choice: string, at: string): Schemas['Record'] => record(`${who}${at}`, { type: 'request', who, words: 'Ja.', choice }, at);
const trajectory = (leads: boolean, stage = 'capable'): Schemas['Trajectory'] =>
  ({ id: 't1', stage, lead: org(leads ? 'gent' : 'kjp'), members: [{ organisation: org('gent'), status: 'joined', lead: leads, self: true }, { organisation: org('kjp'), status: 'joined', lead: !leads, self: false }], grants: [], frames: [], items: [] }) as unknown as Schemas['Trajectory'];

describe('allocated help', () => {
  const [young, mother] = [request('young-person', 'chosen', '2026-01-01T00:00:00Z'), request('mother', 'chosen', '2026-01-02T00:00:00Z')];
  const cases: [string, Schemas['Record'][], boolean, object][] = [
    ['nobody said anything', [], false, { state: 'choice', missing: ['young-person', 'parent'] }],
    ['what is asked is no choice', [request('young-person', 'unsaid', '2026-01-01T00:00:00Z'), mother], false, { state: 'choice', missing: ['young-person'] }],
    ['the young person alone', [young], false, { state: 'choice', missing: ['parent'] }],
    ['the young person, of age', [young], true, { state: 'free', missing: [] }],
    ['both', [young, mother], false, { state: 'free', missing: [] }],
    ['a parent declines', [young, request('father', 'declined', '2026-01-03T00:00:00Z')], false, { state: 'declined', missing: [] }],
    ['a parent of an adult declines', [young, request('father', 'declined', '2026-01-03T00:00:00Z')], true, { state: 'free', missing: [] }],
    ['the last word of each', [request('mother', 'declined', '2026-01-03T00:00:00Z'), young, mother], false, { state: 'declined', missing: [] }],
    ['who changed their mind', [request('mother', 'declined', '2026-01-01T00:00:00Z'), young, mother], false, { state: 'free', missing: [] }],
  ];
  test.each(cases)('%s', (_, said, adult, wanted) => expect(startOf(choicesIn(said), adult)).toEqual(wanted));
});

describe('what is sent', () => {
  const about = (found: unknown, stage = 'capable'): Context => ({ trajectory: trajectory(true, stage), item: 'i', found, profiles: [] }) as unknown as Context;
  const asked = (name: string, values: Values, context: Context) => acts[name]!.fields({ ...acts[name]!.initial(context), ...values }, context);
  const sent = (name: string, values: Values, context: Context): object => acts[name]!.request({ ...acts[name]!.initial(context), ...values }, context).body;
  test.each([
    ['a time-out with nobody', 'time-out', [], 'capable', false],
    ['with the young person alone', 'time-out', ['young-person'], 'capable', false],
    ['with a parent alone', 'time-out', ['mother'], 'capable', false],
    ['with both', 'time-out', ['young-person', 'mother'], 'capable', true],
    ['of age', 'time-out', ['young-person'], 'adult', true],
    ['another form', 'ambulant', [], 'capable', true],
  ])('what a time-out takes is said beside its field: %s', (_, module, agreed, stage, fits) => {
    const fields = asked('module', { module, agreed }, about(null, stage));
    expect(Boolean(fields.find((one) => one.name === 'agreed')!.wrong)).toBe(!fits);
    expect(fields.find((one) => one.name === 'ends_at')!.optional).toBe(module !== 'time-out');
  });
  test.each([
    ['home-visit', {}, true],
    ['home-visit', { unseen: true }, false],
    ['phone', {}, false],
    ['other', {}, false],
    ['other', { seen: true }, true],
    ['other', { unseen: true }, false],
  ])('%s %j: whether they saw each other is %s', (how, values, seen) => expect(sent('contact', { how, ...values }, about([]))).toMatchObject({ how, face_to_face: seen }));
  test('an action that is done is not offered again', () => {
    const actions = [{ id: 'a' }, { id: 'b', done: true }, { id: 'c', taken_back: true }];
    expect(asked('contact', {}, about(actions)).find((one) => one.name === 'actions')!.options!.map((one) => one.value)).toEqual(['a']);
    expect(asked('contact', { minutes: 'lang' }, about(actions)).find((one) => one.name === 'minutes')!.wrong).toBeTruthy();
  });
  test('an alert asks what was agreed and nothing else, and is not empty', () => {
    const agreement = about(record('a', { type: 'agreement', partner: 'kjp', text: 'x', alert_fields: ['name', 'last-seen-place'] }));
    expect(asked('alert', {}, agreement).map((one) => one.name)).toEqual(['name', 'last_seen_place']);
    expect(asked('alert', {}, agreement)[0]!.wrong).toBe(t('act.alert.empty'));
    expect(asked('alert', { last_seen_place: 'Station' }, agreement)[0]!.wrong).toBe('');
    expect(sent('alert', { last_seen_place: 'Station', clothing: 'rood' }, agreement)).toEqual({ last_seen_place: 'Station' });
  });
  test('a hearing is said on a day, moved, or cancelled', () => {
    const [first, later] = [actOf(hearing.acts.hearing as ActSheet), actOf(hearing.acts['hearing-edit'] as ActSheet)];
    const empty = about({ item: {}, sources: {} });
    const values = (more: Values): Values => ({ at: '', court: '', text: '', cancelled: false, ...more });
    expect(first.fields(values({}), empty).map((one) => one.name)).toEqual(['at', 'court', 'text']);
    expect(later.fields(values({ cancelled: true }), empty).map((one) => one.name)).toEqual(['cancelled', 'text']);
    expect(first.request(values({ at: 'x', court: 'Gent' }), empty).body).toEqual({ at: 'x', court: 'Gent' });
    expect(later.request(values({ at: 'x', cancelled: true, text: 'later' }), empty).body).toEqual({ cancelled: true, text: 'later' });
  });
  test('a plan for adulthood asks for each domain of life, keeps those of their own, and leaves out what nobody spoke of', () => {
    const domains = [{ key: 'living', title: 'Wonen', agreed: 'Een studio.', who: 'Els', by: null, state: 'agreed' }, { key: null, title: 'De hond', agreed: '', who: '', by: null, state: 'arranged' }];
    const plan = actOf(adulthood.acts['adulthood-edit'] as ActSheet);
    const there = about({ item: { of_age_at: '2027-03-01T00:00:00Z', domains }, sources: { domains: [{ value: 'living', label: 'Wonen' }, { value: 'money', label: 'Geld' }] } });
    const values = plan.initial(there);
    expect(values).toMatchObject({ 'domains/living/agreed': 'Een studio.', 'domains/@0/title': 'De hond', 'domains/money/state': 'open' });
    const names = plan.fields(values, there).map((one) => one.name);
    expect(names).toContain('domains/living/who');
    expect(names).not.toContain('domains/money/who');
    const body = plan.request({ ...values, 'domains/@1/title': 'Rijbewijs' }, there).body as { domains: object[] };
    expect(body.domains).toEqual([
      expect.objectContaining({ key: 'living', state: 'agreed', agreed: 'Een studio.', who: 'Els' }),
      expect.objectContaining({ title: 'De hond', state: 'arranged' }),
      expect.objectContaining({ title: 'Rijbewijs', state: 'open' }),
    ]);
  });
  test('a ring asks its own questions, and one of ours', () => {
    const rings = about([{ ring: 'individual', questions: [{ key: 'future', question: 'Hoe?', answers: [] }, { key: null, question: null, answers: [] }] }, { ring: 'family', questions: [] }]);
    const keys = (ring: string): string[] => asked('ring-answer', { ring }, rings).find((one) => one.name === 'key')!.options!.map((one) => one.value);
    expect(keys('individual')).toEqual(['future', 'own']);
    expect(keys('family')).toEqual(['own']);
    expect(sent('ring-answer', { ring: 'individual', key: 'future', words: 'goed', who: 'mother' }, rings)).toEqual({ ring: 'individual', key: 'future', words: 'goed', who: 'mother' });
    expect(sent('ring-answer', { ring: 'family', key: 'own', question: 'En nu?', words: 'goed', who: 'mother' }, rings)).toEqual({ ring: 'family', question: 'En nu?', words: 'goed', who: 'mother' });
  });
  test('a plan is handed to a court alone that everybody consented to', () => {
    const courts = [{ organisation: org('a'), handed: false, lacking: [] }, { organisation: org('b'), handed: false, lacking: ['parents'] }, { organisation: org('c'), handed: true, lacking: [] }];
    const found = about([[{ id: 'i', version: 'v', courts, rests_on: ['r'], record: record('v', { type: 'court-plan', text: 'ons plan' }) }], []]);
    expect(asked('hand-over', {}, found)[0]!.options!.map((one) => one.value)).toEqual(['a']);
    expect(sent('court-plan', {}, found)).toEqual({ text: 'ons plan', rests_on: ['r'] });
  });
  test('a consent that a plan asks for names that very piece', () => {
    const context = { ...about(null), item: 'kjp:v' };
    expect(sent('grant', {}, context)).toMatchObject({ organisation: 'kjp', piece: 'v', purposes: ['court-report'] });
    expect(sent('grant', {}, { ...context, item: 'kjp' })).not.toHaveProperty('piece');
  });
  test('an agreement names a partner together with what an alert may carry, or neither', () => {
    expect(sent('agreement', { text: 'x', alert_fields: ['name'] }, about(null))).not.toHaveProperty('alert_fields');
    expect(sent('agreement', { text: 'x', partner: 'kjp', alert_fields: ['name'] }, about(null))).toMatchObject({ partner: 'kjp', alert_fields: ['name'] });
    expect(asked('agreement', { partner: 'kjp' }, about(null)).find((one) => one.name === 'alert_fields')!.optional).toBeFalsy();
  });
  test('an error stands beside its field, and nothing is sent', async () => {
    const fetch = vi.fn(() => Promise.resolve(new Response('{}')));
    vi.stubGlobal('fetch', fetch);
    const context = about(record('a', { type: 'agreement', partner: 'kjp', text: 'x', alert_fields: ['age', 'name'] }));
    render(ActForm, { props: { name: 'alert', act: acts.alert!, context } });
    await fireEvent.submit(document.querySelector('form')!);
    const field = await vi.waitFor(() => document.querySelector('[aria-invalid="true"]')!);
    expect(document.getElementById(field.getAttribute('aria-describedby')!.split(' ').at(-1)!)?.textContent).toContain(t('act.alert.empty'));
    expect(fetch).not.toHaveBeenCalled();
  });
});

describe('the page', () => {
  const soon = new Date(Date.now() + 86_400_000).toISOString();
  const week = (number: number, seen: number, over: boolean): object => ({ week: `2026-W${number}`, begins_at: `2026-11-${number - 30}T23:00:00Z`, ends_at: soon, contacts: seen, face_to_face: seen, over, short: over && seen < 2 });
  const alert = (id: string, author: string, stands = true): object => ({ id, author: org(author), at: '2026-11-20T10:00:00Z', agreement: 'a1', to: [org(author === 'gent' ? 'kjp' : 'gent')], stands, withdrawn_at: stands ? null : soon, record: record(id, { type: 'alert', about: 'running-away', name: 'Sam' }), withdrawal: stands ? null : record('w', { type: 'alert-withdrawn', how: 'returned' }) });
  const world: Record<string, object> = {
    modules: { modules: [{ module: 'ambulant', begins_at: '2026-01-01T00:00:00Z', ends_at: '2026-11-20T00:00:00Z', current: false, record: record('o', { type: 'opening', allocated: true }) }, { module: 'time-out', begins_at: '2026-11-20T00:00:00Z', ends_at: soon, current: true, record: record('m', { type: 'module-switch', place: 'De Pas', agreed: ['young-person', 'mother'] }) }, { module: 'ambulant', begins_at: soon, ends_at: null, current: false, record: null }] },
    requests: { records: [request('young-person', 'chosen', '2026-01-02T00:00:00Z')], next: null },
    weeks: { weeks: [week(46, 1, true), week(47, 2, true), week(48, 0, false)], short: 1, least: 2 },
    contacts: { contacts: [{ id: 'c', author: org('gent'), at: '2026-11-20T10:00:00Z', how: 'home-visit', face_to_face: false, actions: [], record: record('c', { type: 'contact-moment', minutes: 45, with: ['mother'], text: 'Niemand deed open.' }) }], next: null },
    conferences: { conferences: [{ id: 'k', coordinator: org('kjp'), independent: true, table: 't1', phase: 'private', moves: [{ phase: 'information', at: soon, record: record('k', { type: 'family-conference', question: 'Waar woont Sam?' }) }], private_notes: null, plans: [{ id: 'p1', at: soon, author: org('kjp'), record: record('p1', { type: 'family-plan', text: 'Sam gaat naar oma', name: 'Els' }), answer: null }] }] },
    supporters: { supporters: [{ guest: 'mia', table: 't1', name: 'Tante Mia', link: 'holds', waits: true, messages: [{ at: soon, by_supporter: true, record: record('s1', { type: 'supporter-message', text: 'Sam was hier' }) }] }, { guest: 'jan', table: 't1', name: 'Nonkel Jan', link: 'revoked', waits: false, messages: [] }] },
    alerts: { alerts: [alert('ours', 'gent'), alert('theirs', 'kjp'), alert('back', 'gent', false)], next: null },
    agreements: { records: [record('a1', { type: 'agreement', about: 'running-away', text: 'Bel de wacht.', partner: 'kjp', alert_fields: ['name', 'clothing'] }), record('a2', { type: 'agreement', about: 'drugs', text: 'Zonder partner.', partner: '', alert_fields: [] })], next: null },
  };
  async function shown(leads: boolean, over: Record<string, object> = {}, can = true): Promise<void> {
    vi.stubGlobal('fetch', (url: string) => Promise.resolve(new Response(JSON.stringify({ ...world, ...over }[url.split('?')[0]!.split('/').at(-1)!] ?? {}), { headers: { 'Content-Type': 'application/json' } })));
    render(Methods, { trajectory: trajectory(leads), can });
    await vi.waitFor(() => expect(document.querySelectorAll('.skeleton, [aria-busy="true"]')).toHaveLength(0));
    await screen.findByText('Bel de wacht.');
    await screen.findByText('Niemand deed open.');
    await vi.waitFor(() => expect(screen.getAllByText(t('methods.stands'))).toHaveLength(2));
  }

  const family = (): HTMLElement => document.querySelector<HTMLElement>('section[aria-labelledby="family"]')!;
  const doings = (): string[] => [...family().querySelectorAll('a')].map((one) => one.getAttribute('href') ?? '');
  test('who leads answers the plan of the family and does not coordinate; who coordinates sees how many notes there are', async () => {
    await shown(true);
    expect(family().textContent).toContain('Sam gaat naar oma');
    expect(doings().some((one) => one.includes('do/family-answer'))).toBe(true);
    expect(doings().some((one) => one.includes('do/conference'))).toBe(false);
    const ours = (world.conferences as { conferences: object[] }).conferences.map((one) => ({ ...one, private_notes: 3 }));
    cleanup();
    await shown(false, { conferences: { conferences: ours } });
    expect(family().textContent).toContain('3');
    expect(doings().filter((one) => one.includes('do/conference')).length).toBe(2);
    expect(doings().some((one) => one.includes('do/family-answer'))).toBe(false);
  });
  test('a supporter who wrote stands open, and is written to with a link that holds alone', async () => {
    await shown(true);
    const of = (name: string): HTMLDetailsElement => [...family().querySelectorAll('details')].find((one) => one.textContent!.includes(name))!;
    expect(of('Tante Mia').open).toBe(true);
    expect(of('Tante Mia').textContent).toContain('Sam was hier');
    expect(of('Tante Mia').querySelector('a')!.getAttribute('href')).toContain('item=mia');
    expect(of('Nonkel Jan').querySelector('a')).toBeNull();
  });
  const link = (name: string): string[] => [...document.querySelectorAll('a')].map((one) => one.getAttribute('href') ?? '').filter((to) => to.includes(`/do/${name}`));

  test('says what runs, when it ends and what comes then', async () => {
    await shown(true);
    const now = document.querySelector('.now')!.closest('div')!.textContent!;
    expect(now).toContain(t('module.time-out'));
    expect(now).toContain('De Pas');
    expect(now).toContain(t('methods.then', { module: t('module.ambulant') }));
    expect(now).toContain(t('methods.ends', { when: '' }).trim());
  });
  test('says which weeks were short; the one that runs is not', async () => {
    await shown(true);
    expect(screen.getByText(t('methods.short', { count: 1 }))).toBeTruthy();
    expect(screen.getAllByText(t('methods.too_few'))).toHaveLength(1);
    expect(screen.getAllByText(t('methods.runs'))).toHaveLength(1);
    expect(screen.getByText(t('methods.not_seen'))).toBeTruthy();
  });
  const next = (): string[] => link('module').filter((to) => !to.includes('module-edit'));
  test('only the lead finds the switch, once the help was chosen; the others read whom to ask', async () => {
    await shown(true);
    expect(next()).toEqual([]); // A parent did not choose yet.
    expect(link('module-edit')).toEqual([expect.stringContaining('item=m')]);
    expect(screen.getByText(t('help_start.choice'))).toBeTruthy();
    cleanup();
    const both = { requests: { records: [request('young-person', 'chosen', '2026-01-02T00:00:00Z'), request('mother', 'chosen', '2026-01-02T00:00:00Z')], next: null } };
    await shown(true, both);
    await vi.waitFor(() => expect(next()).toHaveLength(1));
    cleanup();
    await shown(false, both);
    expect(next()).toEqual([]);
    expect(link('module-edit')).toEqual([]);
    expect(document.body.textContent).toContain(t('methods.lead_next', { name: 'KJP' }));
  });
  test('an alert is withdrawn by who gave it, and given under what names a partner', async () => {
    await shown(true);
    expect(link('alert-withdraw')).toEqual([expect.stringContaining('item=ours')]);
    expect(document.body.textContent).toContain(t('methods.withdraw_other', { name: 'KJP' }));
    expect(document.body.textContent).toContain(t('alert_end.returned'));
    expect(link('alert?')).toEqual([expect.stringContaining('item=a1')]);
    expect(document.body.textContent).not.toContain('Zonder partner.');
    expect(document.body.textContent).toContain(t('field.clothing').toLowerCase());
  });
  test('who may do nothing there reads alone', async () => {
    await shown(true, {}, false);
    expect(link('')).toEqual([]);
  });
});

test('a record of these says its words, and no word of a program', () => {
  for (const [body, wanted] of [
    [{ type: 'contact-moment', how: 'home-visit', face_to_face: true, at: '2026-11-20T10:00:00Z', with: ['mother'], text: 'Koffie.' }, [t('contact_how.home-visit.name'), t('speaker.mother.name'), 'Koffie.']],
    [{ type: 'alert-withdrawn', how: 'over', at: '2026-11-20T10:00:00Z' }, [t('alert_end.over')]],
    [{ type: 'module-switch', module: 'time-out', agreed: ['young-person'], place: 'De Pas' }, [t('module.time-out'), t('speaker.young-person.name'), 'De Pas']],
    [{ type: 'request', who: 'mother', words: 'Rust.', choice: 'declined' }, [t('help_choice.declined')]],
    [{ type: 'agreement', about: 'drugs', text: 'Bel.', alert_fields: ['last-seen-at'] }, [t('field.last_seen_at')]],
    [{ type: 'evidence', how: 'op papier' }, ['op papier']],
  ] as [object, string[]][]) {
    render(RecordView, { record: record('r', body) });
    for (const one of wanted) expect(document.body.textContent).toContain(one);
    expect(document.body.textContent).not.toMatch(/home-visit|young-person|last-seen|\bover\b(?!\s)/);
    cleanup();
  }
});

test('the inbox and the timeline lead there', () => {
  const ref = { id: 't1' } as Schemas['TrajectoryRef'];
  expect(placeOf({ what: 'crisis-unanswered', record: 'r', trajectory: ref, kind: '' })).toContain('/consultations/r');
  const review = placeOf({ what: 'review-6-months', record: 'r', trajectory: ref, kind: '', due: '2027-03-01T10:00:00Z' });
  expect(review).toContain('/tables/new');
  for (const part of ['trajectory=t1', 'kind=review-6-months', 'day=2027']) expect(review).toContain(part);
  for (const what of ['sign', 'sign-persons', 'sign-anew'] as const) expect(placeOf({ what, record: 'r', trajectory: ref, kind: '' })).toContain('/trajectories/t1/commitments');
  for (const what of ['stay-ends', 'alert-stands', 'alert-open'] as const) expect(placeOf({ what, record: 'r', trajectory: ref, kind: '' })).toContain('/trajectories/t1/methods');
  const items = ['module-switch', 'contact-moment', 'alert', 'alert-withdrawn', 'note'].map((kind, i) => ({ id: `i${i}`, kind, at: '2026-11-20T10:00:00Z', author: org('gent') }));
  const story = storyOf({ ...trajectory(true), items, consultations: [], tables: [], handovers: [], withheld: [], lead_offer: null, opened_at: null } as unknown as Schemas['Trajectory']);
  expect(story.filter((one) => one.place === 'methods').map((one) => one.kind).toSorted()).toEqual(['alert', 'alert-withdrawn', 'contact-moment', 'module-switch']);
});
