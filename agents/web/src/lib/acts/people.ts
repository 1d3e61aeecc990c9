// Who takes part, who leads, how far the young person is; opening and closing.
import type { Schemas } from '../api';
import { longDate } from '../dates';
import { t } from '../i18n.svelte';
import { organisations, organisationName } from '../words.svelte';
import { asOptions, flag, given, others, outgoing, text, type Act, type Field, type Warning } from './act';
import { moduleOptions } from './dossier';

const stages = ['child', 'capable', 'adult'] as const;
const stageOptions = (from: string): Field['options'] => stages.slice(Math.max(0, stages.indexOf(from as 'child'))).map((one) => ({ value: one, label: t(`stage.${one}`), hint: t(`stage_hint.${one}`) }));

export const open: Act = {
  title: 'act.open.title', lead: 'act.open.lead', button: 'act.open.button', done: 'act.open.done', tab: '',
  initial: () => ({ label: '', module: 'unspecified', reason: '', stage: 'capable', allocated: false }),
  fields: () => [
    { name: 'label', as: 'line', label: t('act.open.label'), hint: t('act.open.label_hint') },
    { name: 'module', as: 'pick', label: t('trajectories.module'), options: moduleOptions() },
    { name: 'stage', as: 'one', label: t('act.stage.stage'), options: stageOptions('child') },
    { name: 'reason', as: 'text', optional: true, label: t('act.open.reason') },
    { name: 'allocated', as: 'yes', optional: true, label: t('act.open.allocated') },
  ],
  request: (values) => outgoing('/v1/trajectories', {}, { label: text(values, 'label'), module: text(values, 'module') as Schemas['Module'], stage: text(values, 'stage') as Schemas['Stage'], allocated: flag(values, 'allocated'), ...given(values, 'reason') }),
};

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
export const join: Act = {
  title: 'act.join.title', lead: 'act.join.lead', button: 'act.join.button', done: 'act.join.done', tab: '',
  initial: () => ({ message: '' }),
  fields: () => [{ name: 'message', as: 'text', optional: true, label: t('act.join.message'), hint: t('act.join.message_hint') }],
  request: (values, { trajectory }) => outgoing('/v1/trajectories/{trajectory}/join', { trajectory: trajectory.id }, given(values, 'message')),
};
export const leave: Act = {
  title: 'act.leave.title', button: 'act.leave.button', done: 'act.leave.done', danger: true, coordinator: true, tab: 'members',
  initial: () => ({ message: '' }),
  fields: () => [{ name: 'message', as: 'text', optional: true, label: t('act.why') }],
  request: (values, { trajectory }) => outgoing('/v1/trajectories/{trajectory}/leave', { trajectory: trajectory.id }, given(values, 'message')),
  warn: () => [{ tone: 'bad', title: t('act.leave.warn_title'), text: t('act.leave.warn') }],
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
export const close: Act = {
  title: 'act.close.title', lead: 'act.close.lead', button: 'act.close.button', done: 'act.close.done', danger: true, coordinator: true, tab: '',
  initial: () => ({ copy_offered: '', copy: '', message: '', unmet_why: '', retain_until: '', retain_why: '' }),
  fields: (values) => [
    { name: 'copy_offered', as: 'text', label: t('act.close.copy_offered'), hint: t('act.close.copy_offered_hint') },
    { name: 'copy', as: 'one', label: t('act.close.copy'), options: ['taken', 'declined', 'not-reached'].map((one) => ({ value: one, label: t(`copy.${one}`) })) },
    { name: 'message', as: 'text', optional: true, label: t('act.close.message') },
    { name: 'unmet_why', as: 'text', optional: true, label: t('act.close.unmet'), hint: t('act.close.unmet_hint') },
    { name: 'retain_until', as: 'day', optional: true, label: t('act.close.retain'), hint: t('act.close.retain_hint') },
    ...(text(values, 'retain_until') ? [{ name: 'retain_why', as: 'text', label: t('act.close.retain_why') } as Field] : []),
  ],
  request: (values, { trajectory }) =>
    outgoing('/v1/trajectories/{trajectory}/close', { trajectory: trajectory.id }, {
      copy_offered: text(values, 'copy_offered'), copy: text(values, 'copy') as 'taken', ...given(values, 'message', 'unmet_why', 'retain_until', ...(text(values, 'retain_until') ? (['retain_why'] as const) : [])),
    }),
  warn: () => [{ tone: 'bad', title: t('act.close.warn_title'), text: t('act.close.warn') }],
};

// Erasing takes two persons: who proposes, and another of the lead, or another member, who agrees.
export const erase: Act = {
  title: 'act.erase.title', lead: 'act.erase.lead', button: 'act.erase.button', done: 'act.erase.done', danger: true, coordinator: true, tab: 'keeping',
  initial: () => ({ reason: '', why: '' }),
  fields: () => [
    { name: 'reason', as: 'one', label: t('act.erase.reason'), options: ['retention-over', 'subject-request', 'court-order', 'mistake'].map((one) => ({ value: one, label: t(`admin.erasure_reason.${one}`) })) },
    { name: 'why', as: 'text', label: t('act.why'), hint: t('act.all_read') },
  ],
  request: (values, { trajectory }) => outgoing('/v1/trajectories/{trajectory}/erasure', { trajectory: trajectory.id }, { reason: text(values, 'reason') as 'mistake', why: text(values, 'why') }),
  warn: () => [{ tone: 'info', text: t('act.erase.two') }],
};
const proposed: Pick<Act, 'about'> = { about: ({ trajectory: { erasure } }) => [erasure && t(`admin.erasure_reason.${erasure.reason ?? 'unknown'}`), erasure?.proposed_at && longDate(erasure.proposed_at)].filter(Boolean).join(' · ') };
const understood = (): Field => ({ name: 'understood', as: 'yes', label: t('act.erase.understood') });
const forGood = (): Warning[] => [{ tone: 'bad', title: t('act.erase.warn_title'), text: t('act.erase.warn') }];
export const eraseAgree: Act = {
  ...proposed,
  title: 'act.erase_agree.title', lead: 'act.erase_agree.lead', button: 'act.erase_agree.button', danger: true, coordinator: true, tab: 'keeping',
  initial: () => ({ understood: false }),
  fields: () => [understood()],
  request: (_, { trajectory }) => outgoing('/v1/trajectories/{trajectory}/erasure/agreement', { trajectory: trajectory.id }, {}),
  warn: forGood,
};
export const eraseConfirm: Act = {
  ...proposed,
  title: 'act.erase_confirm.title', lead: 'act.erase_confirm.lead', button: 'act.erase_confirm.button', done: 'act.erase_confirm.done', danger: true, coordinator: true, tab: 'keeping',
  after: '/administration/erasures', // Of the trajectory nothing is left to look at.
  initial: () => ({ understood: false }),
  fields: () => [understood()],
  request: (_, { trajectory }) => outgoing('/v1/trajectories/{trajectory}/erasure/confirmation', { trajectory: trajectory.id }, {}),
  warn: forGood,
};

export const leadOffer: Act = {
  title: 'act.lead_offer.title', lead: 'act.lead_offer.lead', button: 'act.lead_offer.button', coordinator: true, tab: 'members',
  initial: () => ({ to_member: '', message: '', expires_at: '' }),
  fields: (_, { trajectory }) => [
    { name: 'to_member', as: 'one', label: t('act.lead_offer.to'), options: asOptions(others(trajectory)) },
    { name: 'message', as: 'text', optional: true, label: t('act.message'), hint: t('act.all_read') },
    { name: 'expires_at', as: 'day', endOfDay: true, optional: true, label: t('act.lead_offer.expires') },
  ],
  request: (values, { trajectory }) => ({ path: '/v1/trajectories/{trajectory}/lead/offer', at: { trajectory: trajectory.id }, body: { to: text(values, 'to_member'), ...given(values, 'message', 'expires_at') } }),
};
export const leadAccept: Act = {
  title: 'act.lead_accept.title', lead: 'act.lead_accept.lead', button: 'act.lead_accept.button', done: 'act.lead_accept.done', coordinator: true, tab: 'members',
  initial: () => ({ message: '' }),
  fields: () => [{ name: 'message', as: 'text', optional: true, label: t('act.message'), hint: t('act.all_read') }],
  request: (values, { trajectory }) => outgoing('/v1/trajectories/{trajectory}/lead/acceptance', { trajectory: trajectory.id }, given(values, 'message')),
};
export const leadRefuse: Act = {
  title: 'act.lead_refuse.title', button: 'act.lead_refuse.button', coordinator: true, tab: 'members',
  initial: () => ({ why: '' }),
  fields: () => [{ name: 'why', as: 'text', label: t('act.why'), hint: t('act.all_read') }],
  request: (values, { trajectory }) => outgoing('/v1/trajectories/{trajectory}/lead/refusal', { trajectory: trajectory.id }, { why: text(values, 'why') }),
};
export const leadWithdraw: Act = {
  title: 'act.lead_withdraw.title', button: 'act.lead_withdraw.button', danger: true, coordinator: true, tab: 'members',
  initial: () => ({ why: '' }),
  fields: () => [{ name: 'why', as: 'text', optional: true, label: t('act.why'), hint: t('act.all_read') }],
  request: (values, { trajectory }) => outgoing('/v1/trajectories/{trajectory}/lead/withdrawal', { trajectory: trajectory.id }, given(values, 'why')),
};
