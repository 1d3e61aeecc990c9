// Places that partners may ask for: offered, asked for, agreed to, given back. None of it is of a trajectory.
import { api } from '../api';
import { t } from '../i18n.svelte';
import { given, outgoing, text, type Act, type Field, type Values } from './act';

export const placeKinds = ['time-out', 'priority', 'crisis-bed', 'day-activity', 'school-alternative', 'shared-activity'] as const;
const number = (values: Values, name: string): number | undefined => (text(values, name) ? Number(text(values, name)) : undefined);
const counted = (values: Values, name: string, optional: boolean): Field => ({ name, as: 'line', optional, label: t(`field.${name as 'age_from'}`), sample: '1', wrong: /^\d*$/.test(text(values, name)) ? '' : t('places.number') });
const ages = (values: Values): Field[] => [counted(values, 'age_from', true), counted(values, 'age_to', true)];
const readPlace: Act['find'] = async ({ item }, signal) => (await api.get('/v1/places/{place}', { path: { place: item }, signal })).data;
const backTo = (_: unknown, { item }: { item: string }): string => `/places/${item}`;
const anything = (label: string): Field => ({ name: 'text', as: 'text', optional: true, label });

export const placeOffer: Act = {
  title: 'act.place_offer.title', button: 'act.place_offer.button', tab: '', after: '/places?show=ours',
  initial: () => ({ kind: '', title: '', text: '', age_from: '', age_to: '', place: '', contact: '', places: '1', hours: '4', ends_at: '' }),
  fields: (values) => [
    { name: 'kind', as: 'one', label: t('places.kind'), options: placeKinds.map((value) => ({ value, label: t(`place_kind.${value}`) })) },
    { name: 'title', as: 'line', label: t('places.name') },
    anything(t('places.what')),
    ...ages(values),
    { name: 'place', as: 'line', optional: true, label: t('field.place') },
    { name: 'contact', as: 'line', optional: true, label: t('field.contact') },
    counted(values, 'places', false),
    counted(values, 'hours', false),
    { name: 'ends_at', as: 'day', endOfDay: true, label: t('places.until') },
  ],
  request: (values) =>
    outgoing('/v1/places', {}, { kind: text(values, 'kind') as 'time-out', title: text(values, 'title'), age_from: number(values, 'age_from'), age_to: number(values, 'age_to'), places: number(values, 'places'), hold_minutes: 60 * (number(values, 'hours') ?? 4), ends_at: text(values, 'ends_at'), ...given(values, 'text', 'place', 'contact') }),
};
export const placeAsk: Act = {
  title: 'act.place_ask.title', lead: 'act.place_ask.lead', button: 'act.place_ask.button', tab: '', after: backTo, find: readPlace,
  initial: () => ({ needs: '', age_from: '', age_to: '', begins_at: '', ends_at: '', urgency: 'normal' }),
  fields: (values) => [
    { name: 'needs', as: 'text', label: t('places.needs') },
    ...ages(values),
    { name: 'begins_at', as: 'day', optional: true, label: t('places.from') },
    { name: 'ends_at', as: 'day', endOfDay: true, label: t('places.back') },
    { name: 'urgency', as: 'one', label: t('ask.urgency'), options: (['normal', 'soon', 'today'] as const).map((value) => ({ value, label: t(`ask.urgency_${value}`) })) },
  ],
  request: (values, { item }) =>
    outgoing('/v1/places/{place}/holds', { place: item }, { needs: text(values, 'needs'), age_from: number(values, 'age_from'), age_to: number(values, 'age_to'), ends_at: text(values, 'ends_at'), urgency: text(values, 'urgency') as 'soon', ...given(values, 'begins_at') }),
};
export const placeAnswer: Act = {
  title: 'act.place_answer.title', lead: 'act.place_answer.lead', button: 'act.place_answer.button', tab: '', after: '/places?show=ours',
  initial: () => ({ agreed: '', text: '' }),
  fields: () => [{ name: 'agreed', as: 'one', label: t('places.answer'), options: ['yes', 'no'].map((value) => ({ value, label: t(`places.${value as 'yes'}`) })) }, anything(t('act.message'))],
  request: (values, { item }) => outgoing('/v1/holds/{hold}/answer', { hold: item }, { agreed: text(values, 'agreed') === 'yes', ...given(values, 'text') }),
};
export const placeRelease: Act = {
  title: 'act.place_release.title', button: 'act.place_release.button', tab: '', after: '/places',
  initial: () => ({ text: '' }),
  fields: () => [anything(t('act.message'))],
  request: (values, { item }) => outgoing('/v1/holds/{hold}/release', { hold: item }, given(values, 'text')),
};
export const placeClose: Act = {
  title: 'act.place_close.title', lead: 'act.place_close.lead', button: 'act.place_close.button', tab: '', after: '/places?show=ours', danger: true,
  initial: () => ({ text: '' }),
  fields: () => [anything(t('act.message'))],
  request: (values, { item }) => outgoing('/v1/places/{place}/closing', { place: item }, given(values, 'text')),
};
