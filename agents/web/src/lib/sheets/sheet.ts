// Lists, forms and acts that are described as data (src/sheets/*.json): fetched when a page needs them, and no script.
// Sheet.svelte draws a sheet, Fields.svelte its forms. test/sheets.test.ts holds them to the API's document.
import type { Option } from '../acts/act';
import { longDate, dateTime, near, partsOf, wire, moment } from '../dates';
import { dayTyped, dayWords, partialDay } from '../network/days';
import { has, listed, t } from '../i18n.svelte';
import type { Role } from '../session.svelte';
import { ownOrganisation } from '../words.svelte';

export type Row = Record<string, unknown>;
// Of these places in a row, one of these values, or a list with one of them. "*": anything; "@own": our organisation.
export type When = Record<string, unknown[]>;
type Tone = 'plain' | 'blue' | 'good' | 'warn' | 'bad';

export interface Column {
  at: string; // Where in a row: "day", "record.body.text"; several, joined: "from until".
  as?: 'date' | 'moment' | 'near' | 'word' | 'badge' | 'list' | 'prose' | 'of' | 'count' | 'yes' | 'partial';
  label?: string; // Left out: field.AT.
  head?: boolean;
  words?: string; // "level": t(`level.${value}`); of `count` the words themselves.
  tones?: Record<string, Tone>;
  of?: string; // So many of this.
  each?: string; // What of each one in a list is shown.
  link?: string; // "/consultations/{id}"
  join?: string; // Between several.
  none?: string; // What stands there where there is nothing.
}
export interface FieldSheet {
  name: string;
  as: 'line' | 'text' | 'lines' | 'counted' | 'number' | 'one' | 'some' | 'pick' | 'date' | 'day' | 'moment' | 'span' | 'yes' | 'either' | 'trajectory' | 'each' | 'partial';
  label?: string;
  hint?: string;
  optional?: boolean;
  past?: boolean;
  endOfDay?: boolean;
  weighs?: boolean;
  options?: string[];
  words?: string;
  from?: { read: string; rows: string; label: string; value?: string; only?: When };
  fields?: FieldSheet[]; // Of `each`: what is asked for each that `from` tells, and for one of their own.
  title?: string; // Instead of `label`: words themselves.
  keep?: boolean; // Asked whatever `when` says, once something stands there.
  organisations?: boolean; // Of the region, without ourselves.
  members?: 'joined' | 'others'; // Of the trajectory.
  vocabulary?: 'categories' | 'purposes';
  times?: number; // Of a number: what is sent is so many times that.
  value?: string; // Where in the row what it begins with is.
  start?: unknown;
  suggest?: string; // Where in the rows of the sheet names are that one may mean.
  when?: When; // Asked for these values of the form,
  with?: string; // or when that field is filled in.
  sends?: string; // Under which name, where that is another.
}
export interface ActionSheet {
  id: string;
  label: string;
  lead?: string;
  send?: string; // "POST /v1/visits", "DELETE /v1/visits/{id}"; {name} is a field, of the address or of the row.
  at?: Record<string, string>; // Which place in the row a name in the path is; left out: id.
  href?: string; // Goes there instead.
  button?: string;
  done?: string;
  danger?: boolean;
  main?: boolean;
  roles?: Role[];
  when?: When;
  fixed?: Record<string, unknown>;
  fields?: FieldSheet[];
  then?: { when: When; say: string }; // What the answer makes one say besides.
}
export interface PartSheet {
  rows: string;
  title?: string;
  lead?: string;
  empty: string;
  columns: Column[];
  when?: When;
  do?: ActionSheet[];
}
export interface Sheet {
  title: string;
  heading?: string; // Where in the answer a name for all of it is.
  lead?: string;
  read: string;
  mine?: string; // Where in a row its person is: forms begin with the last of one's own, "mine.colleague".
  every?: number; // Seconds after which it is read again: no record comes of it.
  filter?: { name: string; label: string; options?: string[]; first?: string; years?: number; words?: string; from?: string }; // `from`: where in the answer the choices are.
  say?: { when: When; say: string; tone: 'info' | 'warn' | 'good'; name?: string; count?: string; link?: string }[];
  do?: ActionSheet[];
  parts: PartSheet[];
}
export interface ActSheet {
  title: string;
  lead?: string;
  button?: string;
  done?: string;
  tab: string;
  after?: string; // An address instead; {item}.
  danger?: boolean;
  coordinator?: boolean;
  leading?: boolean;
  because?: string;
  scope?: { purpose?: string; categories?: string[]; of?: 'record' | 'field' }; // `of`: as the record that it is about, or the field `categories`, says.
  find?: string; // What it is about: "/v1/places/{item}"; "/v1/trajectories/{trajectory}/goals goals": that one of a list.
  about?: string; // Where in that the words are.
  warn?: { tone: 'info' | 'warn' | 'bad'; title?: string; text: string; when?: When }[];
  send: string;
  fixed?: Record<string, unknown>;
  fields: FieldSheet[];
}
interface File {
  sheets?: Record<string, Sheet>;
  acts?: Record<string, ActSheet>;
}

const files = import.meta.glob<string>('../../sheets/*.json', { eager: true, query: '?url', import: 'default' });
const read = new Map<string, Promise<File>>();
// Of src/sheets/NAME.json.
export function sheets(name: string): Promise<File> {
  let found = read.get(name);
  if (!found) {
    const file = files[`../../sheets/${name}.json`];
    found = file ? fetch(file).then((answer) => answer.json() as Promise<File>) : Promise.resolve({});
    read.set(name, found);
    found.catch(() => read.delete(name));
  }
  return found;
}

export const valueAt = (row: unknown, at: string): unknown => (at === '' ? [row] : at.split('.').reduce<unknown>((one, name) => (one as Row | null | undefined)?.[name], row));
const meant = (value: unknown, some: unknown[]): boolean => some.includes(value) || (some.includes('*') && value !== null && value !== '') || (some.includes('@own') && value === ownOrganisation()?.id);
export const fits = (row: unknown, when: When | undefined): boolean =>
  Object.entries(when ?? {}).every(([at, some]) => {
    const value = valueAt(row, at) ?? null;
    return Array.isArray(value) ? value.some((one) => meant(one, some)) : meant(value, some);
  });
export const textOf = (value: unknown): string => (value === null || value === undefined ? '' : typeof value === 'object' ? String((value as Row).name ?? (value as Row).label ?? '') : String(value));
export const filled = (pattern: string, row: unknown): string => pattern.replace(/\{([\w.]+)\}/g, (_, at: string) => encodeURIComponent(textOf(valueAt(row, at))));

// A day of the API, 2026-12-03, as a moment that the page's fields and dates take; and back.
const asMoment = (day: string): string => (/^\d{4}-\d\d-\d\d$/.test(day) ? `${day}T12:00:00Z` : day);
export const asDay = (at: string): string => {
  const { year, month, day } = partsOf(new Date(at));
  return `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
};

// The words for a slug: some families have a name and more.
// What is in no list is its own word: the name of a municipality.
export const named = (family: string, slug: string): string => {
  const key = [`${family}.${slug}.name`, `${family}.${slug}`].find(has);
  return key ? t(key) : slug;
};
function one(value: unknown, column: Column): string {
  if (Array.isArray(value)) return listed(value.map((each) => one(column.each ? valueAt(each, column.each) : each, column)));
  const text = textOf(value);
  if (text === '') return '';
  switch (column.as) {
    case 'date':
      return /^\d{4}-/.test(text) ? longDate(asMoment(text)) : text;
    case 'moment':
      return dateTime(text);
    case 'partial':
      return dayWords(text);
    case 'near':
      return near(text);
    case 'count':
      return text === '0' ? '' : t(column.words!, { count: Number(text) });
    case 'yes':
      return value ? t(column.words ?? 'form.yes') : '';
    default:
      return column.words ? named(column.words, text) : text;
  }
}
export const shown = (row: unknown, column: Column): string =>
  column.at
    .split(' ')
    .map((at) => one(valueAt(row, at), column))
    .filter(Boolean)
    .join(column.join ?? ' – ') || (column.none ? t(column.none) : '');

// What a form begins with, and what becomes of it.
export type Values = Record<string, string | string[] | boolean>;
export function begin(field: FieldSheet, row: unknown): Values[string] {
  const found = field.value ? valueAt(row, field.value) : undefined;
  const value = found ?? field.start;
  if (field.as === 'yes') return value === true;
  if (field.as === 'either') return typeof value === 'boolean' ? (value ? 'yes' : 'no') : textOf(value);
  if (field.as === 'some') return Array.isArray(value) ? value.map(String) : [];
  if (field.as === 'lines') return Array.isArray(value) ? value.join('\n') : '';
  if (field.as === 'counted') return Array.isArray(value) ? (value as { name: string; count: number }[]).map(({ name, count }) => (count > 1 ? `${name} ${count}` : name)).join('\n') : '';
  if (field.as === 'date') return value === 'today' ? wire(moment(partsOf(new Date()))) : value ? asMoment(textOf(value)) : '';
  if (field.as === 'partial') return dayTyped(textOf(value));
  return typeof value === 'object' && value ? textOf((value as Row).id) : textOf(value);
}
const lines = (text: string): string[] => text.split('\n').map((line) => line.trim()).filter(Boolean);
export function said(field: FieldSheet, value: Values[string]): unknown {
  if (typeof value !== 'string') return field.as === 'some' && !field.value && !(value as string[]).length ? undefined : value; // Nobody in particular is not nobody.
  const text = value.trim();
  if (field.as === 'lines') return lines(text);
  if (field.as === 'counted') {
    return lines(text).map((line) => {
      const [, name, count] = /^(.*?)(?:[\s:×x]+(\d{1,2}))?$/.exec(line)!;
      return { name: name || line, count: Number(count ?? 1) };
    });
  }
  if (text === '') return field.value && !['number', 'span', 'one', 'pick', 'day', 'date', 'moment', 'partial'].includes(field.as) ? '' : undefined; // What was there is taken away.
  if (field.as === 'partial') return partialDay(text);
  if (field.as === 'number' || field.times) return Number(text) * (field.times ?? 1);
  if (field.as === 'either') return text === 'yes';
  if (field.as === 'date') return asDay(text);
  if (field.as === 'span') return wire(new Date(Date.now() + Number(text) * 60_000));
  return text;
}
// `fixed`: what is always sent; "{id}" is of the row.
export const asked = (fields: FieldSheet[], values: Values): FieldSheet[] => fields.filter((field) => (fits(values, field.when) && (!field.with || values[field.with])) || (field.keep && values[field.name]));
export const bodyOf = (fields: FieldSheet[], values: Values, fixed: Row = {}, row?: Row): Row =>
  Object.fromEntries(
    [...fields.map((field) => [field.sends ?? field.name, said(field, values[field.name]!)] as const), ...Object.entries(fixed).map(([name, value]) => [name, typeof value === 'string' ? filled(value, row) : value] as const)].filter(([, value]) => value !== undefined),
  );
export const sourceOf = (field: FieldSheet, answer: unknown): Option[] => {
  const { rows, only, value = 'id', label } = field.from!;
  return ((valueAt(answer, rows) as Row[] | null) ?? []).filter((one) => fits(one, only)).map((one) => ({ value: textOf(valueAt(one, value)), label: shown(one, { at: label, as: 'date' }) || t('record.no_words') }));
};
const lasting = (minutes: number): string => (minutes < 60 ? t('span.minutes', { count: minutes }) : t('span.hours', { count: minutes / 60 }));
export const optionsOf = (field: FieldSheet): Option[] => (field.options ?? (field.as === 'either' ? ['yes', 'no'] : [])).map((value) => ({ value, label: field.as === 'span' ? lasting(Number(value)) : field.words ? named(field.words, value) : value, hint: field.as === 'one' && has(`${field.words}_hint.${value}`) ? t(`${field.words}_hint.${value}`) : undefined }));
