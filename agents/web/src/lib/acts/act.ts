// Something that one says on a trajectory: which fields it asks, what is sent, whom it is for. pages/Act.svelte shows it,
// with the preview of its receivers before the button.
import type { BodyOf, Schemas, SendPath } from '../api';
import { t, type Key } from '../i18n.svelte';
import type { Effect } from '../scope';
import { organisations } from '../words.svelte';

export type Values = Record<string, string | string[] | boolean>;
export interface Option {
  value: string;
  label: string;
  hint?: string;
}
export interface Field {
  name: string;
  as: 'line' | 'text' | 'one' | 'some' | 'pick' | 'day' | 'moment' | 'yes' | 'trajectory';
  label: string;
  hint?: string;
  options?: Option[];
  optional?: boolean;
  past?: boolean; // A day that may be over.
  wrong?: string; // What does not fit of what stands there.
  weighs?: boolean; // Words: whether there are any decides who receives it.
  endOfDay?: boolean;
  sample?: string; // Of words that must be of a form: what a preview asks with.
  numeric?: boolean;
  suggest?: string[]; // What one may mean.
}
export interface Outgoing {
  path: SendPath;
  at: Record<string, string>;
  body: object;
}
// Typed where it is written: a field that the API does not have does not compile.
export const outgoing = <P extends SendPath>(path: P, at: Record<string, string>, body: Omit<BodyOf<P>, 'to' | 'preview' | 'accept_unreached'>): Outgoing => ({ path, at, body });

export interface Context {
  trajectory: Schemas['Trajectory'];
  item: string; // What it is about; empty: nothing in particular.
  found: unknown; // That, as `find` read it.
  profiles: Schemas['Profile'][];
}
export interface Warning {
  tone: 'info' | 'warn' | 'bad';
  title?: string;
  text: string;
}
export interface Act {
  title: Key;
  lead?: Key;
  button: Key;
  done?: Key; // Left out: sent.
  danger?: boolean;
  coordinator?: boolean; // For whoever has that role.
  leading?: boolean; // For whoever leads.
  tab: string; // Where one is afterwards,
  after?: string | ((sent: Schemas['Sent'], context: Context) => string); // or at this address, unless it is empty.
  find?: (context: Omit<Context, 'found'>, signal: AbortSignal) => Promise<unknown>;
  initial: (context: Context) => Values;
  fields: (values: Values, context: Context) => Field[];
  request: (values: Values, context: Context) => Outgoing;
  scope?: (values: Values, context: Context) => { purpose: string; categories: string[] }; // Words for partners: a person says for whom. Left out: a statement, for whom it concerns,
  because?: Key; // or what is agreed already, and with whom.
  warn?: (values: Values, context: Context) => Warning[];
  effect?: (values: Values, context: Context) => { partner: string; until: string; effect: Effect } | null;
  about?: (context: Context) => string; // The words that it is about.
}

export const isDay = (field: Field): boolean => field.as === 'day' || field.as === 'moment';
export const blank = (value: Values[string] | undefined): boolean => (Array.isArray(value) ? value.length === 0 : typeof value === 'string' ? value.trim() === '' : value !== true);
// What the page can tell of a form by itself. `wrong`: days that are none.
export function faults(fields: Field[], values: Values, wrong: Record<string, boolean>, initial: Values): Record<string, string> {
  const errors: Record<string, string> = {};
  for (const field of fields) {
    const value = values[field.name];
    if (isDay(field) && wrong[field.name]) errors[field.name] = t('form.date_wrong');
    else if (!field.optional && blank(value)) errors[field.name] = t(field.as === 'some' ? 'form.choose_some' : field.as === 'one' ? 'form.choose' : field.as === 'yes' ? 'form.confirm' : 'form.required');
    else if (field.numeric && !/^\d*$/.test(String(value).trim())) errors[field.name] = t('places.number');
    else if (field.wrong) errors[field.name] = field.wrong;
    else if (isDay(field) && !field.past && value && new Date(value as string) < new Date() && value !== initial[field.name]) errors[field.name] = t('form.date_past');
  }
  return errors;
}

export const text = (values: Values, name: string): string => (typeof values[name] === 'string' ? (values[name] as string).trim() : '');
export const list = <T extends string = string>(values: Values, name: string): T[] => (Array.isArray(values[name]) ? (values[name] as T[]) : []);
export const flag = (values: Values, name: string): boolean => values[name] === true;
// Left out where it is empty, as the API wants it.
export const given = <K extends string>(values: Values, ...names: K[]): { [N in K]?: string } =>
  Object.fromEntries(names.map((name) => [name, text(values, name)]).filter(([, value]) => value !== '')) as { [N in K]?: string };

export const joined = (trajectory: Schemas['Trajectory']): Schemas['Organisation'][] => trajectory.members.filter((one) => one.status === 'joined').map((one) => one.organisation);
export const others = (trajectory: Schemas['Trajectory']): Schemas['Organisation'][] =>
  trajectory.members.filter((one) => one.status === 'joined' && !one.self).map((one) => one.organisation);
export const asOptions = (some: Schemas['Organisation'][]): Option[] => some.map(({ id, name }) => ({ value: id, label: name }));
export const sectorOf = (id: string): string => organisations().find((one) => one.id === id)?.sector ?? '';
export const ceilingOf = (profiles: Schemas['Profile'][], id: string): readonly string[] | null => profiles.find((one) => one.sector === sectorOf(id))?.ceiling ?? null;
export const wordOf = (record: Schemas['Record'] | null | undefined, field: string): string => {
  const value = record?.body?.[field];
  return typeof value === 'string' ? value : '';
};
export const wordsOf = (record: Schemas['Record'] | null | undefined, field: string): string[] => {
  const value = record?.body?.[field];
  return Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : [];
};
