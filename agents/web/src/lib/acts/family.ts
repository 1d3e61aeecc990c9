// Family group conferences, and messages with supporters.
import { api, type Schemas } from '../api';
import { dateTime } from '../dates';
import { t } from '../i18n.svelte';
import { given, list, outgoing, text, wordOf, type Act, type Field } from './act';

const line = (name: string, label: string): Field => ({ name, as: 'line', label });
const words = (optional: boolean): Field => ({ name: 'text', as: 'text', optional, label: t(optional ? 'act.remark' : 'court.text') });

export const conference: Act = {
  title: 'kind.family-conference', button: 'family.begin', lead: 'family.lead', tab: 'methods', because: 'family.because',
  initial: () => ({ table: '', coordinator: '', question: '' }),
  fields: (_, { trajectory }) => [
    { name: 'table', as: 'pick', label: t('family.table'), options: trajectory.tables.filter((one) => !one.cancelled && trajectory.members.some((each) => each.self && each.organisation.id === one.convener.id)).map((one) => ({ value: one.id, label: dateTime(one.date?.begins_at ?? one.proposed_at) })) },
    line('coordinator', t('family.coordinator')),
    { name: 'question', as: 'text', label: t('family.question') },
  ],
  request: (values, { trajectory }) => outgoing('/v1/trajectories/{trajectory}/conferences', { trajectory: trajectory.id }, { table: text(values, 'table'), coordinator: text(values, 'coordinator'), question: text(values, 'question') }),
};
// The item: "ID:PHASE".
export const phase: Act = {
  title: 'family.next', button: 'family.next', lead: 'family.next_lead', tab: 'methods', because: 'family.because',
  about: ({ item }) => t(`family.phase_${item.split(':')[1] as 'plan'}`),
  initial: () => ({ text: '' }),
  fields: () => [words(true)],
  request: (values, { item }) => outgoing('/v1/conferences/{conference}/phase', { conference: item.split(':')[0]! }, { phase: item.split(':')[1] as 'plan', ...given(values, 'text') }),
};
export const answer: Act = {
  title: 'family.answer', button: 'family.answer', tab: 'methods', because: 'family.because',
  find: ({ trajectory, item }, signal) =>
    api.get('/v1/trajectories/{trajectory}/conferences', { path: { trajectory: trajectory.id }, signal }).then(({ data }) => data.conferences.flatMap((one) => one.plans).find((one) => one.id === item) ?? null),
  about: ({ found }) => wordOf((found as { record: Schemas['Record'] | null }).record, 'text'),
  initial: () => ({ said: '', text: '' }),
  fields: (values) => [{ name: 'said', as: 'one', label: t('family.answer'), options: (['accepted', 'asked'] as const).map((one) => ({ value: one, label: t(`family.${one}`) })) }, words(text(values, 'said') !== 'asked')],
  request: (values, { item }) => outgoing('/v1/family-plans/{plan}/answer', { plan: item }, { said: text(values, 'said') as 'asked', ...given(values, 'text') }),
};
type Supporter = Schemas['Supporter'];
export const supporters: Act = {
  title: 'kind.supporter-message', button: 'family.write', lead: 'family.write_lead', tab: 'methods', because: 'family.write_because',
  find: ({ trajectory }, signal) => api.get('/v1/trajectories/{trajectory}/supporters', { path: { trajectory: trajectory.id }, signal }).then(({ data }) => data.supporters),
  initial: ({ item }) => ({ supporters: item ? [item] : [], text: '' }),
  fields: (_, { found }) => [
    { name: 'supporters', as: 'some', label: t('family.supporters'), options: (Array.isArray(found) ? (found as Supporter[]) : []).filter((one) => one.link === 'holds').map((one) => ({ value: one.guest, label: one.name })) },
    words(false),
  ],
  request: (values, { trajectory }) => outgoing('/v1/trajectories/{trajectory}/supporters/messages', { trajectory: trajectory.id }, { supporters: list(values, 'supporters'), text: text(values, 'text') }),
};
