// What stands in the calendar, day by day: meetings with a date, and what somebody has to have done by a day.
import type { Schemas } from './api';
import { daysBetween, moment, partsOf } from './dates';
import { has, t } from './i18n.svelte';
import { placeOf } from './places';
import { href } from './router.svelte';

export interface Entry {
  at: string;
  ends: string | null; // Null: a moment by which something is done.
  what: string;
  whose: string;
  where: string;
  late: boolean;
}
export interface Day {
  date: Date;
  today: boolean;
  within: boolean; // Of the month that is shown.
  entries: Entry[];
}

export function entriesOf(tables: Schemas['Table'][], items: Schemas['InboxItem'][], now = new Date()): Entry[] {
  const found: Entry[] = [];
  for (const table of tables) {
    if (!table.date || table.state === 'cancelled') continue;
    found.push({ at: table.date.begins_at, ends: table.date.ends_at, what: t('tables.meeting'), whose: table.trajectory?.label ?? '', where: href(`/tables/${table.id}`), late: false });
  }
  for (const item of items) {
    if (!item.due) continue;
    const what = has(`inbox.${item.what}`) ? t(`inbox.${item.what}`) : t('inbox.new');
    found.push({ at: item.due, ends: null, what, whose: item.trajectory?.label ?? (item.what === 'answer' || item.what === 'conclude' ? t('today.anonymous') : (item.from?.name ?? '')), where: placeOf(item), late: new Date(item.due) < now });
  }
  return found.sort((one, other) => one.at.localeCompare(other.at));
}

// At noon, so that no change of the clock moves it to another day.
export const noonOf = (date: Date): Date => {
  const { year, month, day } = partsOf(date);
  return moment({ year, month, day }, { hour: 12, minute: 0 });
};
export function addDays(date: Date, days: number): Date {
  const { year, month, day } = partsOf(date);
  const there = new Date(Date.UTC(year, month - 1, day + days));
  return moment({ year: there.getUTCFullYear(), month: there.getUTCMonth() + 1, day: there.getUTCDate() }, { hour: 12, minute: 0 });
}
// 1 is Monday, with which a week begins here.
export const weekdayOf = (date: Date): number => {
  const { year, month, day } = partsOf(date);
  return new Date(Date.UTC(year, month - 1, day)).getUTCDay() || 7;
};
export const mondayOf = (date: Date): Date => addDays(noonOf(date), 1 - weekdayOf(date));
// As in Belgium: week 1 has the first Thursday of the year.
export function weekNumber(date: Date): number {
  const thursday = addDays(mondayOf(date), 3);
  const first = moment({ year: partsOf(thursday).year, month: 1, day: 1 }, { hour: 12, minute: 0 });
  return 1 + Math.floor(daysBetween(first, thursday) / 7);
}
export function monthOf(date: Date): { first: Date; weeks: number } {
  const { year, month } = partsOf(date);
  const first = moment({ year, month, day: 1 }, { hour: 12, minute: 0 });
  const days = new Date(Date.UTC(year, month, 0)).getUTCDate();
  return { first, weeks: Math.ceil((weekdayOf(first) - 1 + days) / 7) };
}
export function daysOf(from: Date, count: number, entries: Entry[], month: number | null, now = new Date()): Day[] {
  return Array.from({ length: count }, (_, i) => {
    const date = addDays(from, i);
    return {
      date,
      today: daysBetween(date, now) === 0,
      within: month === null || partsOf(date).month === month,
      entries: entries.filter((one) => daysBetween(date, new Date(one.at)) === 0),
    };
  });
}
// "2026-11-26", as it stands in an address.
export const slugOf = (date: Date): string => {
  const { year, month, day } = partsOf(date);
  return `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
};
export function dateOf(slug: string | undefined, now = new Date()): Date {
  const found = /^(\d{4})-(\d{2})-(\d{2})$/.exec(slug ?? '');
  return found ? moment({ year: Number(found[1]), month: Number(found[2]), day: Number(found[3]) }, { hour: 12, minute: 0 }) : noonOf(now);
}
