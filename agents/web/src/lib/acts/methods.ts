// What workers do with a young person and the family: the form of help over time, contacts, alerts under an agreement.
import { api, type Schemas } from '../api';
import { clients } from '../bodies';
import { longDate } from '../dates';
import { t } from '../i18n.svelte';
import { organisationName } from '../words.svelte';
import { flag, given, list, outgoing, text, wordOf, wordsOf, type Act, type Context, type Field, type Option, type Values } from './act';

export const speakerOptions = (): Option[] => clients.map((one) => ({ value: one, label: t(`speaker.${one}.name`) }));
const moment = (name: string, label: string): Field => ({ name, as: 'moment', past: true, optional: true, label, hint: t('act.now_hint') });

const modules = ['mobile', 'ambulant', 'semi-residential', 'residential', 'independent-living', 'time-out'] as const;
const timeOut = (values: Values): boolean => text(values, 'module') === 'time-out';
export const module: Act = {
  title: 'act.module.title', lead: 'act.module.lead', button: 'act.module.button', tab: 'methods', leading: true,
  scope: () => ({ purpose: 'care-coordination', categories: ['living'] }),
  initial: () => ({ module: '', begins_at: '', ends_at: '', agreed: [], place: '', why: '' }),
  fields: (values, { trajectory }) => {
    const agreed = list(values, 'agreed');
    const enough = agreed.includes('young-person') && (agreed.length > 1 || trajectory.stage === 'adult');
    return [
      { name: 'module', as: 'one', label: t('trajectories.module'), options: modules.map((one) => ({ value: one, label: t(`module.${one}`) })) },
      moment('begins_at', t('act.module.begins')),
      { name: 'ends_at', as: 'moment', endOfDay: true, optional: !timeOut(values), label: t('act.module.ends'), hint: t('act.module.ends_hint') },
      { name: 'agreed', as: 'some', optional: !timeOut(values), label: t('act.module.agreed'), options: speakerOptions(), wrong: timeOut(values) && !enough ? t(trajectory.stage === 'adult' ? 'act.module.agreed_adult' : 'act.module.agreed_both') : '' },
      { name: 'place', as: 'line', optional: true, label: t('field.place') },
      { name: 'why', as: 'text', optional: true, label: t('act.why') },
    ];
  },
  request: (values, { trajectory }) =>
    outgoing('/v1/trajectories/{trajectory}/modules', { trajectory: trajectory.id }, { module: text(values, 'module') as Schemas['Module'], agreed: list<'mother'>(values, 'agreed'), ...given(values, 'begins_at', 'ends_at', 'place', 'why') }),
};

const hows = ['home-visit', 'doing-together', 'conversation', 'phone', 'video', 'message', 'other'] as const;
const met = (values: Values): boolean => hows.indexOf(text(values, 'how') as 'other') < 3;
export const contact: Act = {
  title: 'act.contact.title', button: 'act.contact.button', tab: 'methods',
  scope: () => ({ purpose: 'care-coordination', categories: ['family'] }),
  find: ({ trajectory }, signal) => api.all('/v1/trajectories/{trajectory}/actions', { path: { trajectory: trajectory.id }, signal }, (answer) => answer.actions),
  initial: () => ({ how: '', unseen: false, seen: false, at: '', minutes: '', with: [], others: '', text: '', actions: [] }),
  fields: (values, { found }) => {
    const actions = (Array.isArray(found) ? (found as Schemas['Action'][]) : []).filter((one) => !one.done && !one.taken_back);
    return [
      { name: 'how', as: 'one', label: t('act.contact.how'), options: hows.map((one) => ({ value: one, label: t(`contact_how.${one}.name`) })) },
      // Of a call or a message nobody asks.
      ...(text(values, 'how') === 'other' ? [{ name: 'seen', as: 'yes', optional: true, label: t('act.contact.seen') } as Field] : met(values) && text(values, 'how') ? [{ name: 'unseen', as: 'yes', optional: true, label: t('act.contact.unseen') } as Field] : []),
      moment('at', t('act.contact.at')),
      { name: 'minutes', as: 'line', optional: true, label: t('act.contact.minutes'), sample: '', wrong: /^\d*$/.test(text(values, 'minutes')) ? '' : t('act.contact.minutes_wrong') },
      { name: 'with', as: 'some', optional: true, label: t('act.contact.with'), options: speakerOptions() },
      { name: 'others', as: 'line', optional: true, label: t('field.others') },
      { name: 'text', as: 'text', optional: true, label: t('act.contact.text') },
      ...(actions.length ? [{ name: 'actions', as: 'some', optional: true, label: t('act.contact.actions'), options: actions.map((one) => ({ value: one.id, label: wordOf(one.record, 'text') || t('record.no_words') })) } as Field] : []),
    ];
  },
  request: (values, { trajectory }) =>
    outgoing('/v1/trajectories/{trajectory}/contacts', { trajectory: trajectory.id }, {
      how: text(values, 'how') as 'other', face_to_face: text(values, 'how') === 'other' ? flag(values, 'seen') : met(values) && !flag(values, 'unseen'),
      with: list<'mother'>(values, 'with'), actions: list(values, 'actions'), ...(text(values, 'minutes') ? { minutes: Number(text(values, 'minutes')) } : {}), ...given(values, 'at', 'others', 'text'),
    }),
};

// In the order of the API. What an alert may carry, an agreement says.
export const alertFields = ['name', 'age', 'description', 'clothing', 'last-seen-at', 'last-seen-place', 'places', 'companions', 'incident', 'risk', 'contact'] as const;
export const alertWord = (field: string): string => t(`field.${field.replaceAll('-', '_')}`);
const lines = ['name', 'age', 'last-seen-place', 'contact'];
const readRecord: Act['find'] = async ({ item }, signal) => (await api.get('/v1/records/{record}', { path: { record: item }, signal })).data;
const agreed = ({ found }: Context): Schemas['Record'] => (found ?? {}) as Schemas['Record'];
const allowed = (context: Context): string[] => wordsOf(agreed(context), 'alert_fields');
const names = (context: Context): string[] => allowed(context).map((one) => one.replaceAll('-', '_'));
export const alert: Act = {
  title: 'act.alert.title', button: 'act.alert.button', tab: 'methods', find: readRecord,
  about: (context) => wordOf(agreed(context), 'text'),
  because: 'act.alert.because',
  initial: (context) => Object.fromEntries(names(context).map((one) => [one, ''])),
  fields: (values, context) => {
    const empty = names(context).every((one) => !text(values, one));
    return allowed(context).map((one, i) => ({
      name: names(context)[i]!, as: one === 'last-seen-at' ? 'moment' : lines.includes(one) ? 'line' : 'text', past: true, optional: true, weighs: true, label: alertWord(one), wrong: i === 0 && empty ? t('act.alert.empty') : '',
    }));
  },
  warn: (_, context) => [{ tone: 'info', text: t('act.alert.only', { partner: organisationName(wordOf(agreed(context), 'partner')) }) }],
  request: (values, { item, found }) => outgoing('/v1/agreements/{agreement}/alerts', { agreement: item }, given(values, ...names({ found } as Context))),
};
export const alertWithdraw: Act = {
  title: 'act.alert_withdraw.title', lead: 'act.alert_withdraw.lead', button: 'act.alert_withdraw.button', tab: 'methods', find: readRecord,
  about: (context) => [wordOf(agreed(context), 'name'), agreed(context).at && longDate(agreed(context).at)].filter(Boolean).join(', '),
  because: 'act.alert_withdraw.because',
  initial: () => ({ how: '', at: '' }),
  fields: () => [
    { name: 'how', as: 'one', label: t('act.why'), options: ['returned', 'over', 'mistaken'].map((one) => ({ value: one, label: t(`alert_end.${one}`) })) },
    moment('at', t('act.alert_withdraw.at')),
  ],
  request: (values, { item }) => outgoing('/v1/alerts/{alert}/withdrawal', { alert: item }, { how: text(values, 'how') as 'over', ...given(values, 'at') }),
};
