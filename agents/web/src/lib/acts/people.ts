// Who takes part, who leads, how far the young person is; opening and closing.
import type { Schemas } from '../api';
import { t } from '../i18n.svelte';
import { organisations, organisationName } from '../words.svelte';
import { asOptions, flag, given, others, outgoing, text, type Act, type Field } from './act';

const stages = ['child', 'capable', 'adult'] as const;
const stageOptions = (from: string): Field['options'] => stages.slice(Math.max(0, stages.indexOf(from as 'child'))).map((one) => ({ value: one, label: t(`stage.${one}`), hint: t(`stage_hint.${one}`) }));

export const invite: Act = {
  title: 'act.invite.title', lead: 'act.invite.lead', button: 'act.invite.button', done: 'act.invite.done', tab: 'members',
  initial: () => ({ organisation: '', label: '', message: '', expires_at: '' }),
  fields: (_, { trajectory }) => {
    const there = trajectory.members.filter((one) => one.status === 'joined' || one.status === 'invited').map((one) => one.organisation.id);
    const free = organisations().filter((one) => one.active && !one.self && !there.includes(one.id));
    return [
      { name: 'organisation', as: 'one', label: t('act.invite.organisation'), options: free.map((one) => ({ value: one.id, label: one.name, hint: one.sector_name })) },
      { name: 'label', as: 'line', optional: true, label: t('act.invite.label'), hint: t('act.invite.label_hint') },
      { name: 'message', as: 'text', optional: true, label: t('act.invite.message'), hint: t('act.invite.message_hint') },
      { name: 'expires_at', as: 'day', endOfDay: true, optional: true, label: t('act.invite.expires') },
    ];
  },
  request: (values, { trajectory }) => outgoing('/v1/trajectories/{trajectory}/invitations', { trajectory: trajectory.id }, { organisation: text(values, 'organisation'), ...given(values, 'label', 'message', 'expires_at') }),
};
export const remove: Act = {
  title: 'act.remove.title', button: 'act.remove.button', done: 'act.remove.done', danger: true, coordinator: true, tab: 'members',
  about: ({ item }) => organisationName(item),
  initial: () => ({ message: '' }),
  fields: () => [{ name: 'message', as: 'text', optional: true, label: t('act.why') }],
  request: (values, { trajectory, item }) => outgoing('/v1/trajectories/{trajectory}/removals', { trajectory: trajectory.id }, { organisation: item, ...given(values, 'message') }),
  warn: (_, { item }) => [{ tone: 'bad', title: t('consent.at_once_title'), text: t('consent.at_once', { partner: organisationName(item) }) }],
};
export const introduce: Act = {
  title: 'act.introduce.title', lead: 'act.introduce.lead', button: 'act.introduce.button', tab: 'members',
  initial: ({ item }) => ({ member: item, to: '', both: true }),
  fields: (values, { trajectory }) => [
    { name: 'member', as: 'one', label: t('act.introduce.member'), options: asOptions(others(trajectory)) },
    { name: 'to', as: 'one', label: t('act.introduce.to'), options: asOptions(others(trajectory).filter((one) => one.id !== text(values, 'member'))) },
    { name: 'both', as: 'yes', optional: true, label: t('act.introduce.both') },
  ],
  request: (values, { trajectory }) => ({ path: '/v1/trajectories/{trajectory}/introductions', at: { trajectory: trajectory.id }, body: { member: text(values, 'member'), to: text(values, 'to'), both: flag(values, 'both') } }),
};
export const stage: Act = {
  title: 'act.stage.title', lead: 'act.stage.lead', button: 'act.save', tab: 'members',
  initial: ({ trajectory }) => ({ stage: trajectory.stage, receiver: '' }),
  fields: (values, { trajectory }) => [
    { name: 'stage', as: 'one', label: t('act.stage.stage'), options: stageOptions(trajectory.stage) },
    ...(text(values, 'stage') === 'adult'
      ? [{ name: 'receiver', as: 'pick', optional: true, label: t('act.stage.receiver'), options: [{ value: '', label: t('act.stage.nobody') }, ...asOptions(trajectory.members.filter((one) => one.status === 'joined').map((one) => one.organisation))] } as Field]
      : []),
  ],
  request: (values, { trajectory }) => outgoing('/v1/trajectories/{trajectory}/stage', { trajectory: trajectory.id }, { stage: text(values, 'stage') as Schemas['Stage'], ...(text(values, 'stage') === 'adult' ? given(values, 'receiver') : {}) }),
  warn: (values, { trajectory }) => (text(values, 'stage') === 'adult' && trajectory.stage !== 'adult' ? [{ tone: 'bad', title: t('act.stage.adult_title'), text: t('act.stage.adult') }] : []),
};
