// Words of the page: t('today.title'), t('today.changes', { count: 3 }) with the keys today.changes.one and .other.
// Errors, categories, purposes and reasons come from the agent in the reader's language, and are not in these catalogues.
import { hook } from './api';
import { preferred as preferredOf } from './first';
import { kept, languages } from './languages';
import enFile from '../i18n/en.json?url';
import frFile from '../i18n/fr.json?url';
import type dutch from '../i18n/nl.json';
import nlFile from '../i18n/nl.json?url';

export { languages };
export type LanguageCode = (typeof languages)[number];
export type Key = keyof typeof dutch;
type Catalogue = Record<string, string>;

// Words are fetched as data, those of one language: nobody waits for two.
const files: Record<LanguageCode, string> = { nl: nlFile, en: enFile, fr: frFile };
async function load(wanted: LanguageCode): Promise<Catalogue> {
  const first = window.schakelFirst;
  const answer = await (first?.language === wanted ? first.words.then((one) => one.clone()).catch(() => fetch(files[wanted])) : fetch(files[wanted]));
  if (!answer.ok) throw new Error(`no words of ${wanted}: ${answer.status}`);
  const catalogue = (await answer.json()) as Catalogue;
  return wanted === 'fr' ? Object.fromEntries(Object.entries(catalogue).map(([key, text]) => [key, joined(text)])) : catalogue;
}
// In French a space stands before these signs, at which no line ends.
export const joined = (text: string): string => text.replace(/ (?=[?!:;»])/g, '\u00a0').replace(/« /g, '«\u00a0');
const locales: Record<LanguageCode, string> = { nl: 'nl-BE', en: 'en-BE', fr: 'fr-BE' };

let current = $state<LanguageCode>('nl');
let words = $state.raw<Catalogue>({});
let keys: string[] = []; // In their order: a built page asks by place (vite.config.ts).

export const language = (): LanguageCode => current;
export const locale = (): string => locales[current];
// The agent speaks the same three; what an older one lacks in French it says in Dutch.
export const agentLanguages = (): string => (current === 'en' ? 'en, nl;q=0.5' : current === 'fr' ? 'fr, nl;q=0.7, en;q=0.3' : 'nl, en;q=0.5');

export async function speak(wanted: LanguageCode): Promise<void> {
  const catalogue = await load(wanted);
  keys = Object.keys(catalogue);
  words = catalogue;
  current = wanted;
  document.documentElement.lang = wanted;
  try {
    localStorage.setItem(kept, wanted);
  } catch {
    // Not allowed to keep anything: then it is asked again next time.
  }
}

export const preferred = (): LanguageCode => (window.schakelFirst?.language ?? preferredOf(languages, kept)) as LanguageCode;

export type Values = Record<string, string | number>;

export function format(text: string, values: Values = {}): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = values[name];
    if (value === undefined) return whole;
    return typeof value === 'number' ? new Intl.NumberFormat(locale()).format(value) : value;
  });
}

// `key` may be the stem of a pair with .one and .other, chosen by values.count.
export function t(asked: Key | (string & {}), values: Values = {}): string {
  const place: unknown = asked;
  const key = typeof place === 'number' ? keys[place]!.replace(/\.one$/, '') : asked;
  const count = values.count;
  if (typeof count === 'number') {
    const form = new Intl.PluralRules(locale()).select(count) === 'one' ? 'one' : 'other';
    const counted = words[`${key}.${form}`];
    if (counted !== undefined) return format(counted, values);
  }
  const text = words[key];
  if (text === undefined) {
    if (import.meta.env.DEV) throw new Error(`no words for ${key}`);
    return key;
  }
  return format(text, values);
}

// Whether there are words: for slugs of the agent that a newer version may have more of.
export const has = (key: string): boolean => words[key] !== undefined;

// "a, b en c"
export const listed = (some: string[]): string => new Intl.ListFormat(locale(), { type: 'conjunction' }).format(some);

hook({ language: agentLanguages });
