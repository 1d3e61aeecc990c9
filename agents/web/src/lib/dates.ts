// Days and hours as they are written in Belgium, always on the Belgian clock, wherever the browser is.
import { language, locale, t } from './i18n.svelte';

const zone = 'Europe/Brussels';
const day = 86_400_000;

const formats = new Map<string, Intl.DateTimeFormat>();
function formatted(date: Date, options: Intl.DateTimeFormatOptions): string {
  const name = locale() + JSON.stringify(options);
  let format = formats.get(name);
  if (!format) formats.set(name, (format = new Intl.DateTimeFormat(locale(), { timeZone: zone, ...options })));
  return format.format(date);
}

type Moment = string | Date;
const dateOf = (moment: Moment): Date => (typeof moment === 'string' ? new Date(moment) : moment);

// "26 november 2026"
export const longDate = (moment: Moment): string => formatted(dateOf(moment), { day: 'numeric', month: 'long', year: 'numeric' });
// "do 26 nov": with the year when it is another
export function shortDate(moment: Moment, now = new Date()): string {
  const date = dateOf(moment);
  const year = partsOf(date).year === partsOf(now).year ? undefined : ('numeric' as const);
  return formatted(date, { weekday: 'short', day: 'numeric', month: 'short', year }).replace(/[.,](?=\s|$)/g, '');
}
// "donderdag 26 november"
export const weekday = (moment: Moment): string => formatted(dateOf(moment), { weekday: 'long', day: 'numeric', month: 'long' });
// The last moment before an end: what ends at midnight holds until and including the day before.
export const lastOf = (end: Moment): Date => new Date(dateOf(end).getTime() - 1);
// "november 2026"
export const monthOf = (moment: Moment): string => formatted(dateOf(moment), { month: 'long', year: 'numeric' });
// "26/11/2026"
export function numericDate(moment: Moment): string {
  const { year, month, day: number } = partsOf(dateOf(moment));
  return `${pad(number)}/${pad(month)}/${year}`;
}
// "14:30" ("14 h 30" in French)
export function time(moment: Moment): string {
  const { hour, minute } = partsOf(dateOf(moment));
  return language() === 'fr' ? `${hour} h ${pad(minute)}` : `${pad(hour)}:${pad(minute)}`;
}
export const dateTime = (moment: Moment): string => t('dates.at', { date: shortDate(moment), time: time(moment) });
export const period = (from: Moment, until: Moment): string =>
  +dateOf(until) - +dateOf(from) < 864e5 ? `${dateTime(from)} – ${time(until)}` : `${shortDate(from)} – ${shortDate(until)}`;

// "vandaag om 14:30", "gisteren", "morgen", "over 3 dagen", else the date.
export function near(moment: Moment, now = new Date()): string {
  const days = daysBetween(now, dateOf(moment));
  if (days === 0) return t('dates.today_at', { time: time(moment) });
  if (days === 1) return t('dates.tomorrow_at', { time: time(moment) });
  if (days === -1) return t('dates.yesterday_at', { time: time(moment) });
  if (Math.abs(days) <= 7) return new Intl.RelativeTimeFormat(locale()).format(days, 'day');
  return shortDate(moment, now);
}

interface Parts {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
}
let reader: Intl.DateTimeFormat | undefined;
// Of the Belgian clock at that moment.
export function partsOf(date: Date): Parts {
  reader ??= new Intl.DateTimeFormat('en-GB', { timeZone: zone, year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', hourCycle: 'h23' });
  const found: Record<string, number> = {};
  for (const { type, value } of reader.formatToParts(date)) found[type] = Number(value);
  return { year: found.year!, month: found.month!, day: found.day!, hour: found.hour!, minute: found.minute! };
}
const pad = (number: number): string => String(number).padStart(2, '0');
const dayNumber = (date: Date): number => {
  const parts = partsOf(date);
  return Date.UTC(parts.year, parts.month - 1, parts.day) / day;
};
export const daysBetween = (from: Date, to: Date): number => dayNumber(to) - dayNumber(from);
export const sameDay = (one: Moment, other: Moment): boolean => daysBetween(dateOf(one), dateOf(other)) === 0;

// What people type: "3/12/2026", "3-12-26", "3.12", "03 12 2026", "3 dec 2026". Null: no day.
export function parseDate(text: string, now = new Date()): { year: number; month: number; day: number } | null {
  const words = text
    .trim()
    .toLowerCase()
    .split(/[\s/.-]+/)
    .filter(Boolean);
  if (words.length < 2 || words.length > 3 || !/^\d{1,2}$/.test(words[0]!)) return null;
  const dayOfMonth = Number(words[0]);
  const month = /^\d{1,2}$/.test(words[1]!) ? Number(words[1]) : monthNamed(words[1]!);
  if (month === 0 || month > 12) return null;
  let year: number;
  if (words.length === 3) {
    if (!/^(\d{2}|\d{4})$/.test(words[2]!)) return null;
    year = Number(words[2]) + (words[2]!.length === 2 ? 2000 : 0);
  } else {
    const today = partsOf(now);
    year = today.year + (month < today.month || (month === today.month && dayOfMonth < today.day) ? 1 : 0);
  }
  const check = new Date(Date.UTC(year, month - 1, dayOfMonth));
  if (check.getUTCMonth() !== month - 1 || check.getUTCDate() !== dayOfMonth) return null;
  return { year, month, day: dayOfMonth };
}
function monthNamed(word: string): number {
  if (word.length < 3) return 0;
  for (const one of ['nl-BE', 'en-BE', 'fr-BE']) {
    const names = new Intl.DateTimeFormat(one, { month: 'long', timeZone: 'UTC' });
    for (let month = 0; month < 12; month++) {
      if (names.format(new Date(Date.UTC(2026, month, 1))).toLowerCase().startsWith(word)) return month + 1;
    }
  }
  return 0;
}
// "9", "9:30", "9u30", "14.05", "9h", "0930". Null: no hour.
export function parseTime(text: string): { hour: number; minute: number } | null {
  const found = /^\s*(\d{1,2})\s*(?:[:.uh]\s*(\d{2})?|(\d{2}))?\s*u?\s*$/i.exec(text);
  if (!found) return null;
  const hour = Number(found[1]);
  const minute = Number(found[2] ?? found[3] ?? 0);
  return hour < 24 && minute < 60 ? { hour, minute } : null;
}
// The moment at which the Belgian clock shows this; in the hour that comes twice, the first.
export function moment(parts: { year: number; month: number; day: number }, clock: { hour: number; minute: number } = { hour: 0, minute: 0 }): Date {
  const asUtc = Date.UTC(parts.year, parts.month - 1, parts.day, clock.hour, clock.minute);
  for (const hours of [2, 1]) {
    const guess = new Date(asUtc - hours * 3_600_000);
    const shown = partsOf(guess);
    if (Date.UTC(shown.year, shown.month - 1, shown.day, shown.hour, shown.minute) === asUtc) return guess;
  }
  return new Date(asUtc - 3_600_000); // In the hour that does not exist: when the clock has leapt.
}
// As the API takes and gives moments.
export const wire = (date: Date): string => date.toISOString().replace(/\.\d{3}Z$/, 'Z');
