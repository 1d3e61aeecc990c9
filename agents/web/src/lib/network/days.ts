// Days that are known in part: 2009, 2009-03 or 2009-03-14; and where what lasted from one to another is drawn.
import { longDate, parseDate, partsOf } from '../dates';
import { locale } from '../i18n.svelte';

const pad = (number: number): string => String(number).padStart(2, '0');
const noon = (day: string): Date => new Date(`${day}T12:00:00Z`);

export const dayOf = (at: string | Date): string => {
  const { year, month, day } = partsOf(new Date(at));
  return `${year}-${pad(month)}-${pad(day)}`;
};
export const today = (): string => dayOf(new Date());

// As people type it: "2009", "3/2009", "maart 2009", "14/3/2009". What is none of these stays as it is: the agent says why not.
export function partialDay(text: string): string {
  const typed = text.trim();
  if (/^\d{4}(-\d\d){0,2}$/.test(typed)) return typed;
  const whole = typed.split(/[\s/.-]+/).length === 3 ? parseDate(typed) : null;
  if (whole) return `${whole.year}-${pad(whole.month)}-${pad(whole.day)}`;
  const month = parseDate(`1 ${typed}`);
  return month && /\d{4}$/.test(typed) ? `${month.year}-${pad(month.month)}` : typed;
}
// "2009", "maart 2009", "14 maart 2009"
export function dayWords(day: string): string {
  if (day.length === 4 || day === '') return day;
  if (day.length === 7) return new Intl.DateTimeFormat(locale(), { month: 'long', year: 'numeric', timeZone: 'UTC' }).format(noon(`${day}-15`));
  return longDate(noon(day));
}
// As it stands in a field: "14/3/2009"
export const dayTyped = (day: string): string => day.split('-').reverse().map((part, i, all) => (i < all.length - 1 ? String(Number(part)) : part)).join('/');

export const firstOf = (day: string): number => Date.parse(`${day}${'-01-01'.slice(day.length - 4)}`.slice(0, 10));
export const lastOf = (day: string): number => (day.length === 10 ? firstOf(day) : day.length === 7 ? Date.UTC(Number(day.slice(0, 4)), Number(day.slice(5)), 0) : Date.UTC(Number(day), 11, 31));
export const daysIn = (from: string, to: string): number => Math.round((firstOf(to) - firstOf(from)) / 86_400_000);
