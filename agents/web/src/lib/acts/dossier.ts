// The shared dossier: goals, criteria of good enough, actions, commitments, referrals.
import { api, type GetPath, type Schemas } from '../api';
import { t } from '../i18n.svelte';
import { categories } from '../words.svelte';
import { asOptions, given, joined, list, others, outgoing, text, wordOf, wordsOf, type Act, type Context, type Field } from './act';

// What is said about something goes by the purpose and categories of that: an action of a meeting by those of the meeting.
type Scope = NonNullable<Act['scope']>;
const ofRecord =
  (category: string): Scope =>
  (_, context) => {
    const record = (context.found as { record: Schemas['Record'] | null } | null)?.record;
    return { purpose: record?.purpose ?? 'care-coordination', categories: record?.categories ?? [category] };
  };
const ofGoals = ofRecord('goals');
const ofAgreements = ofRecord('agreements');
const finder =
  <T extends { id: string }>(path: GetPath, name: string) =>
  ({ trajectory, item }: { trajectory: Schemas['Trajectory']; item: string }, signal: AbortSignal): Promise<unknown> =>
    api.all(path, { path: { trajectory: trajectory.id }, signal } as never, (answer) => (answer as unknown as Record<string, T[]>)[name] ?? []).then((all) => all.find((one) => one.id === item) ?? null);
const findGoal = finder('/v1/trajectories/{trajectory}/goals', 'goals');
const findCriterion = finder('/v1/trajectories/{trajectory}/criteria', 'criteria');
const findAction = finder('/v1/trajectories/{trajectory}/actions', 'actions');
const findCommitment = finder('/v1/trajectories/{trajectory}/commitments', 'commitments');
const findReferral = finder('/v1/trajectories/{trajectory}/referrals', 'referrals');
const words = (context: Context, field = 'text'): string => wordOf((context.found as { record: Schemas['Record'] | null } | null)?.record, field);
const parties = (context: Context, field: string): string[] => {
  const known = joined(context.trajectory).map((one) => one.id);
  return wordsOf((context.found as { record: Schemas['Record'] | null } | null)?.record, field).filter((one) => known.includes(one));
};
const alter: Act['warn'] = () => [{ tone: 'info', text: t('act.edit_note') }];

const goalFields = (trajectory: Schemas['Trajectory']): Field[] => [
  { name: 'text', as: 'text', label: t('act.goal.text'), hint: t('act.goal.text_hint') },
  { name: 'owners', as: 'some', label: t('act.goal.owners'), options: asOptions(joined(trajectory)) },
  { name: 'with', as: 'line', optional: true, label: t('act.with'), hint: t('act.with_hint') },
  { name: 'begins_at', as: 'day', optional: true, past: true, label: t('act.goal.begins') },
  { name: 'ends_at', as: 'day', optional: true, endOfDay: true, label: t('act.goal.ends'), hint: t('act.goal.ends_hint') },
];
export const goal: Act = {
  title: 'act.goal.title', button: 'act.goal.button', tab: 'goals', scope: ofGoals,
  initial: () => ({ text: '', owners: [], with: '', begins_at: '', ends_at: '' }),
  fields: (_, { trajectory }) => goalFields(trajectory),
  request: (values, { trajectory }) =>
    outgoing('/v1/trajectories/{trajectory}/goals', { trajectory: trajectory.id }, { text: text(values, 'text'), owners: list(values, 'owners'), ...given(values, 'with', 'begins_at', 'ends_at') }),
};
export const goalEdit: Act = {
  ...goal, title: 'act.goal_edit.title', button: 'act.save', find: findGoal, warn: alter,
  initial: (context) => {
    const found = context.found as Schemas['Goal'] | null;
    return { text: words(context), owners: parties(context, 'owners'), with: words(context, 'with'), begins_at: found?.begins_at ?? '', ends_at: found?.ends_at ?? '' };
  },
  request: (values, { item }) => outgoing('/v1/goals/{goal}/edit', { goal: item }, { text: text(values, 'text'), owners: list(values, 'owners'), ...given(values, 'with', 'begins_at', 'ends_at') }),
};
export const progress: Act = {
  title: 'act.progress.title', button: 'act.progress.button', tab: 'goals', scope: ofGoals, find: findGoal, about: words,
  initial: () => ({ progress: '', text: '' }),
  fields: () => [
    { name: 'progress', as: 'one', label: t('act.progress.progress'), options: ['not-started', 'on-track', 'stuck', 'reached'].map((one) => ({ value: one, label: t(`progress.${one}`) })) },
    { name: 'text', as: 'text', optional: true, label: t('act.progress.text') },
  ],
  request: (values, { item }) => outgoing('/v1/goals/{goal}/progress', { goal: item }, { progress: text(values, 'progress') as 'stuck', ...given(values, 'text') }),
};
export const goalReview: Act = {
  title: 'act.goal_review.title', lead: 'act.goal_review.lead', button: 'act.goal_review.button', tab: 'goals', scope: ofGoals, find: findGoal, about: words,
  initial: () => ({ found: '', text: '' }),
  fields: () => [
    { name: 'found', as: 'one', label: t('act.goal_review.found'), options: ['reached', 'continued', 'adjusted', 'stopped'].map((one) => ({ value: one, label: t(`found.${one}`) })) },
    { name: 'text', as: 'text', label: t('act.goal_review.text') },
  ],
  request: (values, { item }) => outgoing('/v1/goals/{goal}/review', { goal: item }, { found: text(values, 'found') as 'reached', text: text(values, 'text') }),
};

const whose = ['young-person', 'parents', 'court-counsellor', 'youth-judge', 'helpers', 'other'] as const;
export const criterion: Act = {
  title: 'act.criterion.title', lead: 'act.criterion.lead', button: 'act.criterion.button', tab: 'goals', scope: ofGoals,
  initial: () => ({ whose: '', text: '' }),
  fields: () => [
    { name: 'whose', as: 'one', label: t('act.criterion.whose'), options: whose.map((one) => ({ value: one, label: t(`whose.${one}.name`) })) },
    { name: 'text', as: 'text', label: t('act.criterion.text'), hint: t('act.criterion.text_hint') },
  ],
  request: (values, { trajectory }) => outgoing('/v1/trajectories/{trajectory}/criteria', { trajectory: trajectory.id }, { whose: text(values, 'whose') as 'parents', text: text(values, 'text') }),
};
export const criterionEdit: Act = {
  ...criterion, title: 'act.criterion_edit.title', button: 'act.save', find: findCriterion, warn: alter,
  initial: (context) => ({ whose: (context.found as Schemas['Criterion'] | null)?.whose ?? '', text: words(context) }),
  request: (values, { item }) => outgoing('/v1/criteria/{criterion}/edit', { criterion: item }, { whose: text(values, 'whose') as 'parents', text: text(values, 'text') }),
};
export const judgement: Act = {
  title: 'act.judgement.title', button: 'act.judgement.button', tab: 'goals', scope: ofGoals, find: findCriterion, about: words,
  initial: () => ({ met: '', why: '' }),
  fields: () => [
    { name: 'met', as: 'one', label: t('act.judgement.met'), options: [{ value: 'yes', label: t('act.judgement.yes') }, { value: 'no', label: t('act.judgement.no') }] },
    { name: 'why', as: 'text', optional: true, label: t('act.judgement.why') },
  ],
  request: (values, { item }) => outgoing('/v1/criteria/{criterion}/judgement', { criterion: item }, { met: text(values, 'met') === 'yes', ...given(values, 'why') }),
};

const actionFields = (trajectory: Schemas['Trajectory']): Field[] => [
  { name: 'text', as: 'text', label: t('act.action.text'), hint: t('act.action.text_hint') },
  { name: 'owner', as: 'one', label: t('act.action.owner'), options: asOptions(joined(trajectory)) },
  { name: 'with', as: 'line', optional: true, label: t('act.with'), hint: t('act.with_hint') },
  { name: 'due_at', as: 'day', endOfDay: true, label: t('act.action.due') },
];
export const action: Act = {
  title: 'act.action.title', button: 'act.action.button', tab: 'actions', scope: ofGoals,
  initial: () => ({ text: '', owner: '', with: '', due_at: '' }),
  fields: (_, { trajectory }) => actionFields(trajectory),
  request: (values, { trajectory }) =>
    outgoing('/v1/trajectories/{trajectory}/actions', { trajectory: trajectory.id }, { text: text(values, 'text'), owner: text(values, 'owner'), due_at: text(values, 'due_at'), ...given(values, 'with') }),
};
export const actionEdit: Act = {
  ...action, title: 'act.action_edit.title', button: 'act.save', find: findAction, warn: alter,
  initial: (context) => {
    const found = context.found as Schemas['Action'] | null;
    return { text: words(context), owner: found?.owner?.id ?? '', with: words(context, 'with'), due_at: found?.due_at ?? '' };
  },
  request: (values, { item }) => outgoing('/v1/actions/{action}/edit', { action: item }, { text: text(values, 'text'), owner: text(values, 'owner'), due_at: text(values, 'due_at'), ...given(values, 'with') }),
};
export const actionDone: Act = {
  title: 'act.action_done.title', button: 'act.action_done.button', tab: 'actions', scope: ofGoals, find: findAction, about: words,
  initial: () => ({ done: 'yes', remark: '' }),
  fields: () => [
    { name: 'done', as: 'one', label: t('act.action_done.done'), options: [{ value: 'yes', label: t('act.action_done.yes') }, { value: 'no', label: t('act.action_done.no') }] },
    { name: 'remark', as: 'text', optional: true, label: t('act.remark') },
  ],
  request: (values, { item }) => outgoing('/v1/actions/{action}/done', { action: item }, { done: text(values, 'done') === 'yes', ...given(values, 'remark') }),
};

const commitmentFields = (trajectory: Schemas['Trajectory']): Field[] => [
  { name: 'text', as: 'text', label: t('act.commitment.text'), hint: t('act.commitment.text_hint') },
  { name: 'parties', as: 'some', label: t('act.commitment.parties'), hint: t('act.commitment.parties_hint'), options: asOptions(joined(trajectory)) },
];
export const commitment: Act = {
  title: 'act.commitment.title', lead: 'act.commitment.lead', button: 'act.commitment.button', tab: 'commitments', scope: ofAgreements,
  initial: () => ({ text: '', parties: [] }),
  fields: (_, { trajectory }) => commitmentFields(trajectory),
  request: (values, { trajectory }) => outgoing('/v1/trajectories/{trajectory}/commitments', { trajectory: trajectory.id }, { text: text(values, 'text'), parties: list(values, 'parties') }),
};
export const commitmentEdit: Act = {
  ...commitment, title: 'act.commitment_edit.title', button: 'act.save', find: findCommitment, warn: () => [{ tone: 'warn', text: t('act.commitment_edit.warn') }],
  initial: (context) => ({ text: words(context), parties: parties(context, 'parties') }),
  request: (values, { item }) => outgoing('/v1/commitments/{commitment}/edit', { commitment: item }, { text: text(values, 'text'), parties: list(values, 'parties') }),
};
export const sign: Act = {
  title: 'act.sign.title', lead: 'act.sign.lead', button: 'act.sign.button', done: 'act.sign.done', tab: 'commitments', scope: ofAgreements, find: findCommitment, about: words,
  initial: () => ({ read: false, remark: '' }),
  fields: () => [
    { name: 'remark', as: 'text', optional: true, label: t('act.remark') },
    { name: 'read', as: 'yes', label: t('act.sign.read') },
  ],
  request: (values, { item }) => outgoing('/v1/commitments/{commitment}/signature', { commitment: item }, given(values, 'remark')),
};

export const modules = ['unspecified', 'mobile', 'ambulant', 'semi-residential', 'residential', 'independent-living', 'time-out'] as const;
export const moduleOptions = (): { value: string; label: string }[] => modules.map((one) => ({ value: one, label: t(`module.${one}`) }));
export const referral: Act = {
  title: 'act.referral.title', lead: 'act.referral.lead', button: 'act.referral.button', tab: 'members',
  scope: (values) => ({ purpose: 'care-coordination', categories: list(values, 'categories') }),
  initial: () => ({ organisation: '', module: 'unspecified', question: '', categories: [], expires_at: '' }),
  fields: (_, { trajectory }) => [
    { name: 'organisation', as: 'one', label: t('act.referral.organisation'), options: asOptions(others(trajectory)) },
    { name: 'module', as: 'pick', label: t('trajectories.module'), options: moduleOptions() },
    { name: 'categories', as: 'some', label: t('ask.categories'), hint: t('ask.categories_hint'), options: categories().map((one) => ({ value: one.slug, label: one.label })) },
    { name: 'question', as: 'text', label: t('act.referral.question') },
    { name: 'expires_at', as: 'day', endOfDay: true, optional: true, label: t('act.referral.expires'), hint: t('act.referral.expires_hint') },
  ],
  request: (values, { trajectory }) =>
    outgoing('/v1/trajectories/{trajectory}/referrals', { trajectory: trajectory.id }, {
      organisation: text(values, 'organisation'), module: text(values, 'module') as Schemas['Module'], question: text(values, 'question'), categories: list(values, 'categories'), ...given(values, 'expires_at'),
    }),
};
export const referralAnswer: Act = {
  title: 'act.referral_answer.title', button: 'act.referral_answer.button', tab: 'members', find: findReferral, scope: ofRecord('goals'), about: (context) => words(context, 'question'),
  initial: () => ({ answer: '', why: '' }),
  fields: (values) => [
    { name: 'answer', as: 'one', label: t('act.referral_answer.answer'), options: ['accepted', 'refused'].map((one) => ({ value: one, label: t(`referral.${one}`) })) },
    { name: 'why', as: 'text', optional: text(values, 'answer') !== 'refused', label: t('act.why') },
  ],
  request: (values, { item }) => outgoing('/v1/referrals/{referral}/answer', { referral: item }, { answer: text(values, 'answer') as 'accepted', ...given(values, 'why') }),
};
export const referralWithdraw: Act = {
  title: 'act.referral_withdraw.title', button: 'act.referral_withdraw.button', danger: true, tab: 'members', find: findReferral, scope: ofRecord('goals'), about: (context) => words(context, 'question'),
  initial: () => ({ why: '' }),
  fields: () => [{ name: 'why', as: 'text', optional: true, label: t('act.why') }],
  request: (values, { item }) => outgoing('/v1/referrals/{referral}/withdrawal', { referral: item }, given(values, 'why')),
};
