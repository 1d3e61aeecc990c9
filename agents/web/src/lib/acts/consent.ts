// Giving, narrowing and taking back; the frame of a case consultation; the review of an emergency.
import type { Schemas } from '../api';
import { lastOf, longDate, shortDate } from '../dates';
import { t } from '../i18n.svelte';
import { counts, effectOf } from '../scope';
import { categories, categoryName, organisationName, purposes, purposeName } from '../words.svelte';
import { asOptions, ceilingOf, flag, given, joined, list, outgoing, text, type Act, type Context, type Field, type Values, type Warning } from './act';

type Basis = Schemas['Basis'];
const bases: Basis[] = ['consent', 'shared-secrecy', 'case-consultation', 'court-mandate', 'emergency'];
const purposeField = (optional = false): Field => ({ name: 'purposes', as: 'some', optional, label: t('consent.purposes'), options: purposes().map((one) => ({ value: one.slug, label: one.label })) });
const basisOf = (values: Values): Basis => text(values, 'basis') as Basis;

function categoryField(values: Values, context: Context): Field {
  const ceiling = ceilingOf(context.profiles, text(values, 'organisation'));
  const options = categories().map((one) => ({ value: one.slug, label: one.label, ...(ceiling && !ceiling.includes(one.slug as never) ? { hint: t('consent.never_sector') } : {}) }));
  return { name: 'categories', as: 'some', label: t('consent.categories'), options };
}

// About a partner; towards a court with the one record that was read together behind it: "ORGANISATION:RECORD".
const partsOf = ({ item }: Pick<Context, 'item'>): string[] => item.split(':');
export const grant: Act = {
  title: 'act.grant.title',
  lead: 'act.grant.lead',
  button: 'act.grant.button',
  done: 'act.grant.done',
  tab: 'consent',
  initial: (context) => ({
    organisation: joined(context.trajectory).find((one) => one.id === partsOf(context)[0])?.id ?? '',
    basis: 'consent', purposes: partsOf(context)[1] ? ['court-report'] : [], categories: partsOf(context)[1] ? ['agreements', 'goals', 'justice'] : [], begins_at: '', ends_at: '',
    grantor: context.trajectory.stage === 'child' ? 'first-parent' : 'young-person',
    consented_by: '', how: '', oral: false, witness: '', reason: '', sought: '', necessary: false, in_client_interest: false, frame: '',
  }),
  fields: (values, context) => {
    const basis = basisOf(values);
    const fields: Field[] = [
      { name: 'organisation', as: 'one', label: t('consent.to'), options: asOptions(joined(context.trajectory)) },
      { name: 'basis', as: 'one', label: t('consent.basis'), options: bases.map((one) => ({ value: one, label: t(`basis.${one}`), hint: t(`basis_hint.${one}`) })) },
    ];
    if (basis === 'consent') {
      const grantors = context.trajectory.stage === 'adult' ? ['young-person'] : ['young-person', 'first-parent', 'second-parent', 'guardian'];
      fields.push(
        { name: 'grantor', as: 'one', label: t('consent.grantor'), options: grantors.map((one) => ({ value: one, label: t(`grantor.${one}`) })) },
        { name: 'consented_by', as: 'line', label: t('consent.consented_by'), hint: t('consent.consented_by_hint') },
        { name: 'how', as: 'text', label: t('consent.how'), hint: t('consent.how_hint') },
        { name: 'oral', as: 'yes', optional: true, label: t('consent.oral') },
      );
      if (flag(values, 'oral')) fields.push({ name: 'witness', as: 'line', label: t('consent.witness'), hint: t('consent.witness_hint') });
    }
    if (basis === 'shared-secrecy')
      fields.push(
        { name: 'sought', as: 'one', label: t('consent.sought'), options: ['agreed', 'refused', 'not-asked'].map((one) => ({ value: one, label: t(`sought.${one}`) })) },
        { name: 'necessary', as: 'yes', label: t('consent.necessary') },
        { name: 'in_client_interest', as: 'yes', label: t('consent.in_client_interest') },
      );
    if (basis === 'case-consultation')
      fields.push({
        name: 'frame', as: 'one', label: t('consent.frame'), hint: t('consent.frame_hint'),
        options: context.trajectory.frames.map((one) => ({ value: one.id, label: t('consent.frame_option', { ground: t(`ground.${one.ground}`), chair: one.chair.name, date: shortDate(one.ends_at) }) })),
      });
    if (basis !== 'consent') fields.push({ name: 'reason', as: 'text', label: t(basis === 'court-mandate' ? 'consent.reason_court' : 'consent.reason'), hint: t('consent.reason_hint') });
    fields.push(purposeField(), categoryField(values, context));
    fields.push(
      { name: 'begins_at', as: 'day', optional: true, label: t('consent.begins'), hint: t('consent.begins_hint') },
      { name: 'ends_at', as: 'day', endOfDay: true, label: t('consent.ends'), hint: t(basis === 'emergency' ? 'consent.ends_emergency' : 'consent.ends_hint') },
    );
    return fields;
  },
  request: (values, { trajectory, item }) => {
    const basis = basisOf(values);
    const piece = partsOf({ item })[1];
    return outgoing('/v1/trajectories/{trajectory}/grants', { trajectory: trajectory.id }, {
      ...(piece ? { piece } : {}),
      organisation: text(values, 'organisation'),
      basis,
      purposes: list(values, 'purposes'),
      categories: list(values, 'categories'),
      ends_at: text(values, 'ends_at'),
      ...given(values, 'begins_at'),
      ...(basis === 'consent' ? { grantor: text(values, 'grantor') as Schemas['Grantor'], oral: flag(values, 'oral'), ...given(values, 'consented_by', 'how'), ...(flag(values, 'oral') ? given(values, 'witness') : {}) } : given(values, 'reason')),
      ...(basis === 'shared-secrecy' ? { sought: text(values, 'sought') as Schemas['Sought'], necessary: flag(values, 'necessary'), in_client_interest: flag(values, 'in_client_interest') } : {}),
      ...(basis === 'case-consultation' ? given(values, 'frame') : {}),
    });
  },
  effect: (values, { trajectory, profiles }) => {
    const partner = text(values, 'organisation');
    const [why, what] = [list(values, 'purposes'), list(values, 'categories')];
    if (!partner || why.length === 0 || what.length === 0) return null;
    const effect = effectOf(trajectory.grants, partner, why, what, ceilingOf(profiles, partner));
    const grantor = text(values, 'grantor');
    effect.waits = basisOf(values) === 'consent' && (trajectory.stage === 'child' ? grantor === 'young-person' : grantor !== 'young-person');
    return { partner: organisationName(partner), until: text(values, 'ends_at'), effect };
  },
  warn: (values) => (basisOf(values) === 'emergency' ? [{ tone: 'warn', title: t('act.grant.emergency_title'), text: t('act.grant.emergency') }] : []),
};

// Its terms stand with the trajectory; what it rests on is words, and is not read for this.
const findGrant: Act['find'] = async ({ trajectory, item }) => trajectory.grants.find((one) => one.id === item) ?? null;
const grantIn = (context: Context): Schemas['Grant'] => context.found as Schemas['Grant'];
const told = (context: Context): string => {
  const one = grantIn(context);
  return t('consent.told', { partner: one.recipient.name, basis: t(`basis.${one.basis}`), categories: one.categories.map(categoryName).join(', '), purposes: one.purposes.map(purposeName).join(', '), date: longDate(lastOf(one.ends_at)) });
};
const atOnce = (context: Context): Warning => ({ tone: 'bad', title: t('consent.at_once_title'), text: t('consent.at_once', { partner: grantIn(context).recipient.name }) });

export const withdraw: Act = {
  title: 'act.withdraw.title',
  button: 'act.withdraw.button',
  done: 'act.withdraw.done',
  danger: true,
  tab: 'consent',
  find: findGrant,
  about: told,
  initial: () => ({ reason: '' }),
  fields: () => [{ name: 'reason', as: 'text', optional: true, label: t('act.withdraw.reason'), hint: t('act.withdraw.reason_hint') }],
  request: (values, { item }) => outgoing('/v1/grants/{grant}/withdrawal', { grant: item }, given(values, 'reason')),
  warn: (_, context) => {
    const one = grantIn(context);
    const rest = context.trajectory.grants.filter((other) => other.id !== one.id && other.recipient.id === one.recipient.id && counts(other));
    const stays = one.categories.filter((category) => rest.some((other) => other.categories.includes(category)));
    return [atOnce(context), ...(stays.length > 0 ? [{ tone: 'info' as const, text: t('act.withdraw.stays', { categories: stays.map(categoryName).join(', ') }) }] : [])];
  },
};

export const narrow: Act = {
  title: 'act.narrow.title',
  lead: 'act.narrow.lead',
  button: 'act.narrow.button',
  done: 'act.narrow.done',
  danger: true,
  tab: 'consent',
  find: findGrant,
  about: told,
  initial: (context) => ({ purposes: [...grantIn(context).purposes], categories: [...grantIn(context).categories], ends_at: '', message: '' }),
  fields: (_, context) => [
    { name: 'purposes', as: 'some', label: t('act.narrow.purposes'), options: grantIn(context).purposes.map((one) => ({ value: one, label: purposeName(one) })) },
    { name: 'categories', as: 'some', label: t('act.narrow.categories'), options: grantIn(context).categories.map((one) => ({ value: one, label: categoryName(one) })) },
    { name: 'ends_at', as: 'day', endOfDay: true, optional: true, label: t('act.narrow.ends'), hint: t('act.narrow.ends_hint', { date: longDate(lastOf(grantIn(context).ends_at)) }) },
    { name: 'message', as: 'text', optional: true, label: t('act.narrow.message') },
  ],
  request: (values, { item }) =>
    outgoing('/v1/grants/{grant}/narrowing', { grant: item }, { purposes: list(values, 'purposes'), categories: list(values, 'categories'), ...given(values, 'ends_at', 'message') }),
  warn: (values, context) => {
    const one = grantIn(context);
    const gone = [...one.categories.filter((category) => !list(values, 'categories').includes(category)).map(categoryName), ...one.purposes.filter((purpose) => !list(values, 'purposes').includes(purpose)).map(purposeName)];
    return [...(gone.length > 0 ? [{ tone: 'warn' as const, title: t('act.narrow.gone_title'), text: gone.join(', ') }] : []), atOnce(context)];
  },
};

export const review: Act = {
  title: 'act.review.title',
  lead: 'act.review.lead',
  button: 'act.review.button',
  done: 'act.review.done',
  tab: 'consent',
  find: findGrant,
  about: told,
  initial: () => ({ outcome: '', message: '' }),
  fields: () => [
    { name: 'outcome', as: 'one', label: t('act.review.outcome'), options: ['justified', 'too-wide', 'unjustified'].map((one) => ({ value: one, label: t(`outcome.${one}`), hint: t(`outcome_hint.${one}`) })) },
    { name: 'message', as: 'text', label: t('act.review.message') },
  ],
  request: (values, { item }) => outgoing('/v1/grants/{grant}/review', { grant: item }, { outcome: text(values, 'outcome') as Schemas['ReviewOutcome'], message: text(values, 'message') }),
  warn: (values, context) => (text(values, 'outcome') === 'unjustified' ? [atOnce(context)] : []),
};
