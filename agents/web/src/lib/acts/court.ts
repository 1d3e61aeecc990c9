// Around the youth court: when it sits, what was answered in each ring, and the plan with its way through the wall.
import { api, type Schemas } from '../api';
import { t } from '../i18n.svelte';
import { given, list, outgoing, text, wordOf, type Act, type Field, type Values } from './act';
import { speakerOptions } from './methods';

const words = (name: string, optional = true): Field => ({ name, as: 'text', optional, weighs: true, label: t('court.text') });


type Ring = Schemas['RingOverview']['ring'];
export const rings: Ring[] = ['individual', 'family', 'context', 'forced-frame'];
const about: Record<Ring, string> = { individual: 'own-voice', family: 'family', context: 'family', 'forced-frame': 'justice' };
const own = 'own';
export const ringAnswer: Act = {
  title: 'act.ring.title', button: 'act.ring.button', tab: 'methods',
  scope: (values) => ({ purpose: 'care-coordination', categories: [about[text(values, 'ring') as Ring] ?? 'own-voice'] }),
  find: ({ trajectory }, signal) => api.get('/v1/trajectories/{trajectory}/rings', { path: { trajectory: trajectory.id }, signal }).then(({ data }) => data.rings),
  initial: ({ item }) => ({ ring: item, key: '', question: '', words: '', who: '', name: '' }),
  fields: (values, { found }) => {
    const questions = (Array.isArray(found) ? (found as Schemas['RingOverview'][]) : []).find((one) => one.ring === text(values, 'ring'))?.questions ?? [];
    return [
      { name: 'ring', as: 'one', label: t('court.ring'), options: rings.map((one) => ({ value: one, label: t(`ring_of.${one}`) })) },
      { name: 'key', as: 'pick', label: t('court.question'), options: [...questions.filter((one) => one.key && one.question).map((one) => ({ value: one.key!, label: one.question! })), { value: own, label: t('court.own') }] },
      ...(text(values, 'key') === own ? [{ name: 'question', as: 'line', label: t('court.own') } as Field] : []),
      words('words', false),
      { name: 'who', as: 'one', label: t('court.who'), options: speakerOptions() },
    ];
  },
  request: (values: Values, { trajectory }) =>
    outgoing('/v1/trajectories/{trajectory}/rings', { trajectory: trajectory.id }, { ring: text(values, 'ring') as Ring, words: text(values, 'words'), who: text(values, 'who') as 'mother', ...(text(values, 'key') === own ? given(values, 'question') : given(values, 'key')) }),
};

// With an item: a new version of that one. It rests on the answers that are there.
const plansOf: Act['find'] = ({ trajectory }, signal) =>
  Promise.all([
    api.get('/v1/trajectories/{trajectory}/court-plans', { path: { trajectory: trajectory.id }, signal }).then(({ data }) => data.plans),
    api.get('/v1/trajectories/{trajectory}/rings', { path: { trajectory: trajectory.id }, signal }).then(({ data }) => data.rings.flatMap((one) => one.questions.flatMap((each) => each.answers))),
  ]);
type Plans = [Schemas['CourtPlan'][], (Schemas['Record'] | null)[]];
const planOf = (found: unknown, item: string): Schemas['CourtPlan'] | undefined => (Array.isArray(found) ? (found as Plans)[0] : []).find((one) => one.id === item || one.version === item);
export const courtPlan: Act = {
  title: 'kind.court-plan', lead: 'act.plan.lead', button: 'act.plan.button', tab: 'methods', find: plansOf, because: 'act.plan.because',
  initial: ({ found, item }) => ({ text: wordOf(planOf(found, item)?.record, 'text'), why: wordOf(planOf(found, item)?.record, 'why'), rests_on: planOf(found, item)?.rests_on ?? [] }),
  fields: (_, { found }) => {
    const answers = (Array.isArray(found) ? (found as Plans)[1] : []).filter((one) => one !== null);
    return [
      words('text', false),
      ...(answers.length ? [{ name: 'rests_on', as: 'some', optional: true, label: t('court.rests_on'), options: answers.map((one) => ({ value: one.id, label: wordOf(one, 'words') || t('record.no_words') })) } as Field] : []),
      { name: 'why', as: 'text', optional: true, label: t('court.why') },
    ];
  },
  request: (values, { trajectory, item }) => {
    const body = { text: text(values, 'text'), rests_on: list(values, 'rests_on'), ...given(values, 'why') };
    return item ? outgoing('/v1/court-plans/{plan}/edit', { plan: item }, body) : outgoing('/v1/trajectories/{trajectory}/court-plans', { trajectory: trajectory.id }, body);
  },
};
export const handOver: Act = {
  title: 'act.hand_over.title', lead: 'act.hand_over.lead', button: 'act.hand_over.title', tab: 'methods', find: plansOf, because: 'act.hand_over.because',
  about: ({ found, item }) => wordOf(planOf(found, item)?.record, 'text'),
  initial: () => ({ court: '' }),
  fields: (_, { found, item }) => [{ name: 'court', as: 'one', label: t('court.court'), options: (planOf(found, item)?.courts ?? []).filter((one) => !one.handed && one.lacking.length === 0).map(({ organisation }) => ({ value: organisation.id, label: organisation.name })) }],
  request: (values, { item }) => outgoing('/v1/court-plans/{plan}/handover', { plan: item }, { court: text(values, 'court') }),
};
