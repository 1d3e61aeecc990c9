// What one says on a trajectory: what each form asks, and what it sends.
import { describe, expect, test } from 'vitest';
import { acts } from '../src/lib/acts';
import { actOf } from '../src/lib/acts/described';
import signing from '../src/sheets/sign.json';
import type { ActSheet } from '../src/lib/sheets/sheet';
import type { Context, Values } from '../src/lib/acts/act';
import { has } from '../src/lib/i18n.svelte';

const org = (id: string): { id: string; name: string } => ({ id, name: id });
const member = (id: string, more = {}): object => ({ organisation: org(id), status: 'joined', lead: false, self: false, ...more });
const grant = { id: 'g', recipient: org('kjp'), author: org('gent'), purposes: ['consultation', 'crisis'], categories: ['living', 'school'], basis: 'consent', ends_at: '2027-01-01T00:00:00Z', state: 'in-force', standing: 'counts' };
const context = (over: Partial<Context> = {}): Context =>
  ({
    trajectory: { id: 't', stage: 'capable', members: [member('gent', { self: true, lead: true }), member('kjp'), member('caw')], grants: [grant], frames: [{ id: 'f', ground: 'decree', chair: org('gent'), participants: [org('gent'), org('kjp')], ends_at: '2027-01-01T00:00:00Z' }], items: [], tables: [] },
    item: '', found: grant, profiles: [], ...over,
  }) as unknown as Context;
const sign = actOf(signing.acts.sign as ActSheet);
const without = (context_: Context, name: string): Context => (acts[name]!.find ? context_ : { ...context_, found: null });

describe.each(Object.keys(acts))('%s', (name) => {
  const act = acts[name]!;
  const about = without(context({ found: name.startsWith('referral-') ? { record: { purpose: 'consultation', categories: ['living'], body: {} } } : grant }), name);
  test('has words, a value to begin with for all that it asks, and something to send', () => {
    for (const key of [act.title, act.lead, act.button, act.done]) if (key) expect(has(key), key).toBe(true);
    const values: Values = act.initial(about);
    for (const field of act.fields(values, about)) expect(values, `${name}.${field.name}`).toHaveProperty([field.name]);
    const sent = act.request(values, about);
    expect(sent.path).toMatch(/^\/v1\//);
    for (const [, hole] of sent.path.matchAll(/\{(\w+)\}/g)) expect(sent.at, name).toHaveProperty([hole!]);
  });
});

describe('a grant', () => {
  const grantWith = (values: Values): Record<string, unknown> => {
    const about = context({ found: null });
    return acts.grant!.request({ ...acts.grant!.initial(about), organisation: 'kjp', purposes: ['consultation'], categories: ['living'], ends_at: '2027-01-01T00:00:00Z', consented_by: 'Milan', how: 'gesprek', witness: 'Els', oral: true, reason: 'nodig', sought: 'agreed', necessary: true, in_client_interest: true, frame: 'f', ...values }, about).body as Record<string, unknown>;
  };
  const always = ['basis', 'categories', 'ends_at', 'organisation', 'purposes'];
  test.each([
    ['consent', ['consented_by', 'grantor', 'how', 'oral', 'witness']],
    ['shared-secrecy', ['in_client_interest', 'necessary', 'reason', 'sought']],
    ['case-consultation', ['frame', 'reason']],
    ['court-mandate', ['reason']],
    ['emergency', ['reason']],
  ])('on the basis %s carries what belongs to it, and nothing of another', (basis, own) => {
    expect(Object.keys(grantWith({ basis })).sort()).toEqual([...always, ...own].sort());
    const about = context({ found: null });
    const asked = acts.grant!.fields({ ...acts.grant!.initial(about), basis, oral: true }, about).map((field) => field.name);
    for (const field of own) expect(asked).toContain(field);
  });
  test('is oral only with a witness, who is asked for only then', () => {
    expect(grantWith({ basis: 'consent', oral: false })).not.toHaveProperty('witness');
    const about = context({ found: null });
    expect(acts.grant!.fields({ ...acts.grant!.initial(about), oral: false }, about).map((field) => field.name)).not.toContain('witness');
  });
  test('of age, the parents are not asked', () => {
    const about = context();
    about.trajectory.stage = 'adult';
    const grantor = acts.grant!.fields(acts.grant!.initial(about), about).find((field) => field.name === 'grantor');
    expect(grantor?.options?.map((one) => one.value)).toEqual(['young-person']);
  });
});

test('withdrawing says that it is at once, and narrowing what falls away', () => {
  const about = context();
  expect(acts.withdraw!.warn!({ reason: '' }, about)[0]?.tone).toBe('bad');
  const narrow = acts.narrow!.warn!({ ...acts.narrow!.initial(about), categories: ['living'] }, about);
  expect(narrow.map((one) => one.tone)).toEqual(['warn', 'bad']);
  expect(narrow[0]?.text).toContain('school');
});
test('one is asked to read before one signs', () => {
  const about = context({ found: { record: { body: { text: 'x' } } } });
  expect(sign.fields(sign.initial(about), about).find((field) => field.name === 'understood')).toMatchObject({ as: 'yes' });
  expect(sign.request({ understood: true, remark: '' }, about).body).toEqual({});
});
