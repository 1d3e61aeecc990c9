// The network of the young person: who is there and how the ties are, who is related to whom, what happened when, how it
// goes in each domain of life, and what one thinks that another would say.
import { api, type AnswerTo, type GetPath } from '../api';
import { t } from '../i18n.svelte';
import { dayOf, dayTyped, partialDay } from '../network/days';
import { organisations } from '../words.svelte';
import { asOptions, flag, given, joined, outgoing, text, type Act, type Context, type Field, type Option, type Values } from './act';

type Network = AnswerTo<'/v1/trajectories/{trajectory}/network'>;
type Figure = Network['figures'][number];
type Tie = Network['ties'][number];
type Kinship = AnswerTo<'/v1/trajectories/{trajectory}/genogram'>['kinships'][number];
type LifeEvent = AnswerTo<'/v1/trajectories/{trajectory}/lifeline'>['events'][number];
type Domain = AnswerTo<'/v1/trajectories/{trajectory}/intake'>['domains'][number];
type Circular = AnswerTo<'/v1/trajectories/{trajectory}/circular'>['questions'][number];
type Overlay = AnswerTo<'/v1/trajectories/{trajectory}/network/overlay'>['broken'][number];

export const centre = 'young-person';
export const kinds = ['person', 'group', 'institution'] as const;
export const rings = ['household', 'family', 'friends', 'neighbourhood', 'school-work', 'services'] as const;
export const genders = ['unknown', 'woman', 'man', 'other'] as const;
export const informants = ['young-person', 'mother', 'father', 'other', 'worker'] as const;
export const qualities = ['positive', 'negative', 'ambivalent', 'broken', 'none'] as const;
export const hows = { parent: ['biological', 'adoptive', 'foster', 'step'], partners: ['married', 'cohabiting', 'relationship', 'separated', 'divorced'] } as const;
export const lanes = ['stay', 'school', 'help', 'family', 'other'] as const;
export const domains = ['living', 'family', 'network', 'school-work', 'leisure', 'health', 'money', 'safety', 'future'] as const;

const laneCategory: Record<string, string> = { stay: 'living', school: 'school' };
const domainCategory: Record<string, string> = { living: 'living', 'school-work': 'school', health: 'health', money: 'income', safety: 'safety', future: 'goals' };
const scopeOf = (category: string): { purpose: string; categories: string[] } => ({ purpose: 'care-coordination', categories: [category] });
const family: Act['scope'] = () => scopeOf('family');

const options = (some: readonly string[], word: (one: string) => string): Option[] => some.map((value) => ({ value, label: word(value) }));
const informantWord = (one: string): string => t(`informant.${one}.name`);
const none = (label: string): Option => ({ value: '', label });
const day = (values: Values, ...names: string[]): Record<string, string> => Object.fromEntries(Object.entries(given(values, ...names)).map(([name, value]) => [name, partialDay(value!)]));
const partial = (name: string, label: string, optional = true): Field => ({ name, as: 'line', optional, label, hint: t('network.day_hint'), sample: '2000' });
const removed: Field = { name: 'removed', as: 'yes', optional: true, get label() { return t('network.remove'); } };
const removal: Act['warn'] = (values) => (flag(values, 'removed') ? [{ tone: 'warn', text: t('network.remove_hint') }] : [{ tone: 'info', text: t('act.edit_note') }]);

// What the address names: ids, with a dot between.
const named = (context: Context): string[] => context.item.split('.');
const read =
  <P extends GetPath>(path: P): Act['find'] =>
  async ({ trajectory }, signal) =>
    (await api.get(path as '/v1/trajectories/{trajectory}/network', { path: { trajectory: trajectory.id }, signal })).data;
const readOne =
  <P extends GetPath>(path: P, list: string): Act['find'] =>
  async (context, signal) =>
    ((await read(path)!(context, signal)) as Record<string, { id: string }[]>)[list]?.find((one) => one.id === context.item.split('.')[0]) ?? null;
const readNetwork = read('/v1/trajectories/{trajectory}/network');
const figuresIn = (context: Context): Figure[] => (context.found as Network | null)?.figures ?? [];
const nameIn = (context: Context, id: string): string => (id === centre ? t('network.young_person') : (figuresIn(context).find((one) => one.id === id)?.name ?? ''));
const whoIn = (context: Context, which: (one: Figure) => boolean = () => true): Option[] => [
  { value: centre, label: t('network.young_person') },
  ...figuresIn(context).filter((one) => !one.removed && which(one)).map((one) => ({ value: one.id, label: [one.name, one.role].filter(Boolean).join(', ') || t('record.no_words') })),
];

const person = (values: Values): boolean => text(values, 'kind') === 'person';
const figureFields = (values: Values): Field[] => [
  { name: 'name', as: 'line', label: t('act.figure.name'), hint: t('act.figure.name_hint') },
  { name: 'kind', as: 'one', label: t('act.figure.kind'), options: options(kinds, (one) => t(`figure_kind.${one}`)) },
  { name: 'ring', as: 'pick', label: t('act.figure.ring'), hint: t('act.figure.ring_hint'), options: options(rings, (one) => t(`ring.${one}`)) },
  { name: 'role', as: 'line', optional: true, label: t('act.figure.role'), hint: t('act.figure.role_hint') },
  ...(person(values)
    ? [
        { name: 'gender', as: 'pick', label: t('act.figure.gender'), options: options(genders, (one) => t(`gender.${one}.name`)) } as Field,
        partial('born', t('act.figure.born')),
        { name: 'deceased', as: 'yes', optional: true, label: t('act.figure.deceased') } as Field,
        ...(flag(values, 'deceased') ? [partial('died', t('act.figure.died'))] : []),
      ]
    : [
        { name: 'organisation', as: 'pick', optional: true, label: t('act.figure.organisation'), hint: t('act.figure.organisation_hint'), options: [none(t('act.figure.no_organisation')), ...asOptions(organisations())] } as Field,
        { name: 'domain', as: 'pick', optional: true, label: t('act.figure.domain'), hint: t('act.figure.domain_hint'), options: [none('–'), ...options(domains, (one) => t(`domain.${one}`))] } as Field,
      ]),
  { name: 'key', as: 'yes', optional: true, label: t('act.figure.key') },
  { name: 'remark', as: 'text', optional: true, label: t('act.remark') },
];
const figureBody = (values: Values) => ({
  name: text(values, 'name'),
  kind: text(values, 'kind') as 'person',
  ring: text(values, 'ring') as 'family',
  ...given(values, 'role', 'remark'),
  ...(person(values) ? { gender: text(values, 'gender') as 'unknown', deceased: flag(values, 'deceased'), ...day(values, 'born', ...(flag(values, 'deceased') ? ['died'] : [])) } : given(values, 'organisation', 'domain')),
  key: flag(values, 'key'),
});
// Of whom somebody new is the parent, child or partner: item=PERSON.parent; afterwards one says so.
export const figure: Act = {
  title: 'act.figure.title', lead: 'act.figure.lead', button: 'act.figure.button', tab: 'network', scope: family,
  after: (sent, context) => (named(context)[1] && sent.record ? `/trajectories/${context.trajectory.id}/do/kinship?item=${context.item}.${sent.record}` : ''),
  initial: (context) => ({ name: '', kind: 'person', ring: named(context)[1] ? 'family' : '', role: '', gender: 'unknown', born: '', deceased: false, died: '', organisation: '', domain: '', key: false, remark: '' }),
  fields: figureFields,
  warn: (_, context) => (named(context)[1] ? [{ tone: 'info', text: t('act.figure.then_kinship') }] : []),
  request: (values, { trajectory }) => outgoing('/v1/trajectories/{trajectory}/figures', { trajectory: trajectory.id }, figureBody(values) as never),
};
export const figureEdit: Act = {
  ...figure, title: 'act.figure_edit.title', lead: undefined, button: 'act.save', after: undefined, find: readOne('/v1/trajectories/{trajectory}/network', 'figures'), warn: removal,
  initial: (context) => {
    const found = context.found as Partial<Figure>;
    // item=FIGURE.RING: it was drawn there.
    return {
      name: found.name ?? '', kind: found.kind ?? 'person', ring: named(context)[1] ?? found.ring ?? '', role: found.role ?? '', gender: found.gender ?? 'unknown', born: dayTyped(found.born ?? ''), deceased: found.deceased ?? false, died: dayTyped(found.died ?? ''),
      organisation: found.organisation?.id ?? '', domain: found.domain ?? '', key: found.key ?? false, remark: found.remark ?? '', removed: false,
    };
  },
  fields: (values) => [...figureFields(values), removed],
  request: (values, context) => outgoing('/v1/figures/{figure}/edit', { figure: named(context)[0]! }, { ...figureBody(values), removed: flag(values, 'removed') } as never),
};

// item: a tie of which one says something newer; or FIGURE, or FIGURE.OTHER.
const tieIn = (context: Context): Tie | undefined => (context.found as Network | null)?.ties?.find((one) => one.id === context.item);
export const tie: Act = {
  title: 'act.tie.title', lead: 'act.tie.lead', button: 'act.tie.button', tab: 'network', scope: family, find: readNetwork,
  initial: (context) => {
    const found = tieIn(context);
    const [one = '', other = centre] = named(context);
    const last = found?.statements.at(-1);
    return {
      figure: found?.figure ?? one, other: found?.other ?? other, informant: found?.informant ?? '', informant_name: found?.informant_name ?? '', quality: last?.quality ?? '', strength: String(last?.strength ?? 2), direction: last?.direction ?? 'both', since: '', remark: '',
    };
  },
  fields: (values, context) => [
    { name: 'figure', as: 'pick', label: t('act.tie.figure'), options: [none(t('network.choose')), ...whoIn(context).slice(1)] },
    { name: 'other', as: 'pick', label: t('act.tie.and'), options: whoIn(context).filter((one) => one.value !== text(values, 'figure')) },
    { name: 'informant', as: 'one', label: t('act.tie.informant'), hint: t('act.tie.informant_hint'), options: options(informants, informantWord) },
    ...(text(values, 'informant') === 'other' ? [{ name: 'informant_name', as: 'line', label: t('act.tie.informant_name') } as Field] : []),
    { name: 'quality', as: 'one', label: t('act.tie.quality'), options: qualities.map((value) => ({ value, label: t(`tie.${value}`), hint: t(`tie_hint.${value}`) })) },
    ...(text(values, 'quality') === 'none'
      ? []
      : [
          { name: 'strength', as: 'pick', label: t('act.tie.strength'), options: options(['1', '2', '3'], (one) => t(`strength.${one}`)) } as Field,
          { name: 'direction', as: 'pick', label: t('act.tie.direction'), options: ['both', 'to', 'from'].map((value) => ({ value, label: t(`direction.${value}`, { one: nameIn(context, text(values, 'other')), other: nameIn(context, text(values, 'figure')) }) })) } as Field,
        ]),
    { name: 'since', as: 'day', past: true, optional: true, label: t('act.tie.since'), hint: t('act.tie.since_hint') },
    { name: 'remark', as: 'text', optional: true, label: t('act.tie.remark') },
  ],
  request: (values, { trajectory }) => {
    const other = text(values, 'other');
    return outgoing('/v1/trajectories/{trajectory}/ties', { trajectory: trajectory.id }, {
      figure: text(values, 'figure'), ...(other && other !== centre ? { other } : {}), informant: text(values, 'informant'), ...(text(values, 'informant') === 'other' ? given(values, 'informant_name') : {}), quality: text(values, 'quality'),
      ...(text(values, 'quality') === 'none' ? {} : { strength: Number(text(values, 'strength')), direction: text(values, 'direction') }),
      ...(text(values, 'since') ? { since: dayOf(text(values, 'since')) } : {}), ...given(values, 'remark'),
    } as never);
  },
};

// item=PERSON, or PERSON.parent.OTHER: the other is the parent of that person.
const kinFields = (values: Values): Field[] => [
  { name: 'how', as: 'one', label: t('act.kinship.how'), options: options(hows[text(values, 'relation') as 'parent'] ?? [], (one) => t(`kin.${one}`)) },
  partial('began', t('act.kinship.began')),
  partial('ended', t('act.kinship.ended')),
];
export const kinship: Act = {
  title: 'act.kinship.title', lead: 'act.kinship.lead', button: 'act.kinship.button', tab: 'network?view=genogram', scope: family, find: readNetwork,
  initial: (context) => {
    const [one = '', as = 'parent', other = ''] = named(context);
    const [a, b] = as === 'parent' ? [other, one] : [one, other];
    return { relation: as === 'partner' ? 'partners' : 'parent', a, b, how: '', began: '', ended: '' };
  },
  fields: (values, context) => {
    const people = [none(t('network.choose')), ...whoIn(context, (one) => one.kind === 'person')];
    const partners = text(values, 'relation') === 'partners';
    return [
      { name: 'relation', as: 'one', label: t('act.kinship.relation'), options: options(['parent', 'partners'], (one) => t(`relation.${one}`)) },
      { name: 'a', as: 'pick', label: t(partners ? 'act.kinship.first' : 'act.kinship.parent'), options: people },
      { name: 'b', as: 'pick', label: t(partners ? 'act.kinship.second' : 'act.kinship.child'), options: people.filter((one) => one.value === '' || one.value !== text(values, 'a')) },
      ...kinFields(values),
    ];
  },
  request: (values, { trajectory }) =>
    outgoing('/v1/trajectories/{trajectory}/kinships', { trajectory: trajectory.id }, { relation: text(values, 'relation'), a: text(values, 'a'), b: text(values, 'b'), how: text(values, 'how'), ...day(values, 'began', 'ended') } as never),
};
export const kinshipEdit: Act = {
  ...kinship, title: 'act.kinship_edit.title', lead: undefined, button: 'act.save', find: readOne('/v1/trajectories/{trajectory}/genogram', 'kinships'), warn: removal,
  initial: ({ found }) => {
    const one = found as Partial<Kinship>;
    return { relation: one.relation ?? 'parent', how: one.how ?? '', began: dayTyped(one.began ?? ''), ended: dayTyped(one.ended ?? ''), removed: false };
  },
  fields: (values) => [...kinFields(values), removed],
  request: (values, { item }) => outgoing('/v1/kinships/{kinship}/edit', { kinship: item }, { how: text(values, 'how'), ...day(values, 'began', 'ended'), removed: flag(values, 'removed') } as never),
};

const eventFields = (values: Values): Field[] => [
  { name: 'title', as: 'line', label: t('act.life_event.what'), hint: t(`lane.${text(values, 'lane') || 'stay'}.hint`) },
  partial('begins', t('act.life_event.begins'), false),
  { ...partial('ends', t('act.life_event.ends')), hint: t('act.life_event.ends_hint') },
  { name: 'place', as: 'line', optional: true, label: t('act.life_event.place') },
  { name: 'remark', as: 'text', optional: true, label: t('act.remark') },
];
const eventBody = (values: Values): object => ({ lane: text(values, 'lane'), title: text(values, 'title'), ...day(values, 'begins', 'ends'), ...given(values, 'place', 'remark') });
export const lifeEvent: Act = {
  title: 'act.life_event.title', lead: 'act.life_event.lead', button: 'act.life_event.button', tab: 'network?view=lifeline',
  scope: (values) => scopeOf(laneCategory[text(values, 'lane')] ?? 'family'),
  initial: ({ item }) => ({ lane: (lanes as readonly string[]).includes(item) ? item : '', title: '', begins: '', ends: '', place: '', remark: '' }),
  fields: (values) => [{ name: 'lane', as: 'one', label: t('act.life_event.lane'), options: options(lanes, (one) => t(`lane.${one}.name`)) }, ...eventFields(values)],
  request: (values, { trajectory }) => outgoing('/v1/trajectories/{trajectory}/lifeline', { trajectory: trajectory.id }, eventBody(values) as never),
};
// The lane stays: it decides who may read it.
export const lifeEventEdit: Act = {
  ...lifeEvent, title: 'act.life_event_edit.title', lead: undefined, button: 'act.save', find: readOne('/v1/trajectories/{trajectory}/lifeline', 'events'), warn: removal,
  initial: ({ found }) => {
    const one = found as Partial<LifeEvent>;
    return { lane: one.lane ?? 'stay', title: one.title ?? '', begins: dayTyped(one.begins ?? ''), ends: dayTyped(one.ends ?? ''), place: one.place ?? '', remark: one.remark ?? '', removed: false };
  },
  fields: (values) => [...eventFields(values), removed],
  request: (values, { item }) => outgoing('/v1/life-events/{event}/edit', { event: item }, { ...eventBody(values), removed: flag(values, 'removed') } as never),
};

// item: which domain of life.
const linesOf = (values: Values, name: string): string[] => text(values, name).split('\n').map((one) => one.trim()).filter(Boolean);
export const lifeDomain: Act = {
  title: 'act.life_domain.title', lead: 'act.life_domain.lead', button: 'act.save', tab: 'network?view=intake',
  find: async (context, signal) => ((await read('/v1/trajectories/{trajectory}/intake')!(context, signal)) as { domains: Domain[] }).domains.find((one) => one.domain === context.item) ?? null,
  about: ({ item }) => item && t(`domain.${item}`),
  scope: (_, { item }) => scopeOf(domainCategory[item] ?? 'family'),
  initial: ({ found }) => {
    const one = found as Partial<Domain>;
    return { strengths: (one.strengths ?? []).join('\n'), needs: (one.needs ?? []).join('\n'), remark: one.remark ?? '' };
  },
  fields: (_, { item }) => [
    { name: 'strengths', as: 'text', optional: true, label: t('act.life_domain.strengths'), hint: item && t(`domain_hint.${item}`) },
    { name: 'needs', as: 'text', optional: true, label: t('act.life_domain.needs'), hint: t('act.life_domain.lines') },
    { name: 'remark', as: 'text', optional: true, label: t('act.remark') },
  ],
  request: (values, { trajectory, item }) => outgoing('/v1/trajectories/{trajectory}/intake', { trajectory: trajectory.id }, { domain: item, strengths: linesOf(values, 'strengths'), needs: linesOf(values, 'needs'), ...given(values, 'remark') } as never),
};

export const circular: Act = {
  title: 'act.circular.title', lead: 'act.circular.lead', button: 'act.circular.button', tab: 'network?view=circular', scope: family, find: readNetwork,
  initial: ({ item }) => ({ asked: '', asked_name: '', figure: item, question: '', guess: '' }),
  fields: (values, context) => [
    { name: 'asked', as: 'one', label: t('act.circular.asked'), options: options(informants, informantWord) },
    ...(text(values, 'asked') === 'other' ? [{ name: 'asked_name', as: 'line', label: t('act.tie.informant_name') } as Field] : []),
    { name: 'figure', as: 'pick', label: t('act.circular.figure'), options: [none(t('network.choose')), ...whoIn(context)] },
    { name: 'question', as: 'text', label: t('act.circular.question'), hint: t('act.circular.question_hint') },
    { name: 'guess', as: 'text', label: t('act.circular.guess') },
  ],
  request: (values, { trajectory }) =>
    outgoing('/v1/trajectories/{trajectory}/circular', { trajectory: trajectory.id }, { asked: text(values, 'asked'), ...(text(values, 'asked') === 'other' ? given(values, 'asked_name') : {}), figure: text(values, 'figure'), question: text(values, 'question'), guess: text(values, 'guess') } as never),
};
export const circularAnswer: Act = {
  title: 'act.circular_answer.title', button: 'act.circular_answer.button', tab: 'network?view=circular', scope: family, find: readOne('/v1/trajectories/{trajectory}/circular', 'questions'),
  about: ({ found }) => (found as Partial<Circular>).question ?? '',
  initial: () => ({ answer: '' }),
  fields: () => [{ name: 'answer', as: 'text', label: t('act.circular_answer.answer') }],
  request: (values, { item }) => outgoing('/v1/circular-questions/{question}/answer', { question: item }, { answer: text(values, 'answer') }),
};

// item: the tie that somebody can help to mend.
const findBroken: Act['find'] = async (context, signal) =>
  ((await read('/v1/trajectories/{trajectory}/network/overlay')!(context, signal)) as { broken: Overlay[] }).broken.find((one) => one.tie.id === context.item.split('.')[0]) ?? null;
export const repair: Act = {
  title: 'act.repair.title', lead: 'act.repair.lead', button: 'act.action.button', tab: 'network?view=overlay', scope: () => scopeOf('goals'), find: findBroken,
  about: ({ found }) => (found as Partial<Overlay>).figure?.name ?? '',
  initial: (context) => ({ text: '', partnership: named(context)[1] ?? '', owner: '', with: '', due_at: '' }),
  fields: (_, { trajectory, found }) => [
    { name: 'text', as: 'text', label: t('act.action.text'), hint: t('act.repair.text_hint') },
    { name: 'partnership', as: 'pick', optional: true, label: t('act.repair.partnership'), options: [none(t('act.repair.nobody')), ...asOptions(((found as Partial<Overlay>).partners ?? []) as never)] },
    { name: 'owner', as: 'one', label: t('act.action.owner'), options: asOptions(joined(trajectory)) },
    { name: 'with', as: 'line', optional: true, label: t('act.with'), hint: t('act.with_hint') },
    { name: 'due_at', as: 'day', endOfDay: true, label: t('act.action.due') },
  ],
  request: (values, { trajectory, found }) => {
    const { tie: one } = found as Partial<Overlay>;
    return outgoing('/v1/trajectories/{trajectory}/network/repairs', { trajectory: trajectory.id }, {
      figure: one?.figure ?? '', ...(one && one.other !== centre ? { other: one.other } : {}), informant: one?.informant ?? '', ...(one?.informant_name ? { informant_name: one.informant_name } : {}),
      ...given(values, 'partnership', 'with'), text: text(values, 'text'), owner: text(values, 'owner'), due_at: text(values, 'due_at'),
    } as never);
  },
};
