// An agreement, and what is said of a record afterwards: that the young person may read it, that others may.
import { api, type Schemas } from '../api';
import { t } from '../i18n.svelte';
import { asOptions, given, joined, list, outgoing, text, type Act, type Field, type Values } from './act';
import { alertFields, alertWord } from './methods';

const exceptions = ['none', 'confidential', 'third-party', 'court', 'agogic'] as const;
const exceptionFields = (values: Values): Field[] => [
  { name: 'exception', as: 'pick', label: t('act.exception'), hint: t('act.exception_hint'), options: exceptions.map((one) => ({ value: one, label: t(`exception.${one}`) })) },
  ...(text(values, 'exception') !== 'none' ? [{ name: 'exception_why', as: 'text', label: t('act.exception_why') } as Field] : []),
];
const exceptionOf = (values: Values): { exception?: Schemas['Exception']; exception_why?: string } =>
  text(values, 'exception') === 'none' ? {} : { exception: text(values, 'exception') as Schemas['Exception'], ...given(values, 'exception_why') };

// item=methods: begun there.
const toMethods: Act['after'] = (_, { trajectory, item }) => (item ? `/trajectories/${trajectory.id}/methods` : '');

export const agreement: Act = {
  title: 'act.agreement.title', button: 'act.agreement.button', tab: 'papers',
  scope: () => ({ purpose: 'safety', categories: ['agreements'] }),
  after: toMethods,
  initial: ({ item }) => ({ about: item ? 'missing-person' : 'other', text: '', contact: '', partner: '', alert_fields: [], exception: 'none', exception_why: '' }),
  fields: (values, { trajectory }) => [
    { name: 'about', as: 'pick', label: t('act.agreement.about'), options: ['aggression', 'drugs', 'running-away', 'missing-person', 'other'].map((one) => ({ value: one, label: t(`topic.${one}.name`) })) },
    { name: 'text', as: 'text', label: t('act.agreement.text'), hint: t('act.agreement.text_hint') },
    { name: 'contact', as: 'line', optional: true, label: t('act.agreement.contact') },
    { name: 'partner', as: 'pick', optional: true, label: t('act.agreement.partner'), hint: t('act.agreement.partner_hint'), options: [{ value: '', label: t('act.agreement.nobody') }, ...asOptions(joined(trajectory))] },
    ...(text(values, 'partner') ? [{ name: 'alert_fields', as: 'some', label: t('act.agreement.alert_fields'), hint: t('act.agreement.alert_fields_hint'), options: alertFields.map((one) => ({ value: one, label: alertWord(one) })) } as Field] : []),
    ...exceptionFields(values),
  ],
  request: (values, { trajectory }) =>
    outgoing('/v1/trajectories/{trajectory}/agreements', { trajectory: trajectory.id }, { about: text(values, 'about') as 'drugs', text: text(values, 'text'), ...(text(values, 'partner') ? { partner: text(values, 'partner'), alert_fields: list<'name'>(values, 'alert_fields') } : {}), ...given(values, 'contact'), ...exceptionOf(values) }),
};

const itsRecord: Pick<Act, 'find' | 'about' | 'scope'> = {
  find: async ({ trajectory, item }, signal) => trajectory.items.find((one) => one.id === item) ?? (await api.get('/v1/records/{record}', { path: { record: item }, signal })).data,
  about: ({ found }) => t(`kind.${(found as Schemas['Item']).kind}`),
  scope: (_, { found }) => ({ purpose: (found as Schemas['Item']).purpose, categories: (found as Schemas['Item']).categories }),
};
// Of a record of our own, afterwards: whether the young person may read it now.
export const exception: Act = {
  ...itsRecord,
  title: 'act.exception_later.title', lead: 'act.exception_later.lead', button: 'act.save', tab: 'papers',
  initial: () => ({ exception: '', why: '' }),
  fields: () => [
    { name: 'exception', as: 'one', label: t('act.exception'), options: exceptions.map((one) => ({ value: one, label: t(`exception.${one}`) })) },
    { name: 'why', as: 'text', label: t('act.exception_why') },
  ],
  request: (values, { item }) => outgoing('/v1/records/{record}/exception', { record: item }, { exception: text(values, 'exception') as Schemas['Exception'], why: text(values, 'why') }),
};

export const share: Act = {
  ...itsRecord,
  title: 'act.share.title', lead: 'act.share.lead', button: 'act.share.button', tab: '',
  initial: () => ({}),
  fields: () => [],
  request: (_, { item }) => outgoing('/v1/records/{record}/shares', { record: item }, {}),
};
