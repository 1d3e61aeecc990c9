import { beforeEach, describe, expect, test } from 'vitest';
import { dateTime, lastOf, longDate, moment, near, numericDate, parseDate, parseTime, period, shortDate, time, wire } from '../src/lib/dates';
import { speak } from '../src/lib/i18n.svelte';

beforeEach(() => speak('nl'));
const now = new Date('2026-11-26T11:00:00Z'); // A Thursday, noon in Belgium.

describe('shown as in Belgium, wherever the browser is', () => {
  test('days and hours', () => {
    expect(numericDate('2026-12-03T23:30:00Z')).toBe('04/12/2026'); // Past midnight there.
    expect(time('2026-12-03T13:05:00Z')).toBe('14:05');
    expect(time('2026-07-03T13:05:00Z')).toBe('15:05'); // Summer time.
    expect(longDate('2026-12-03T13:05:00Z')).toBe('3 december 2026');
    expect(longDate(lastOf('2027-05-31T22:00:00Z'))).toBe('31 mei 2027'); // It ends with that day.
    expect(longDate(lastOf('2027-05-31T12:00:00Z'))).toBe('31 mei 2027');
    expect(shortDate('2026-12-03T13:05:00Z', now)).toBe('do 3 dec');
    expect(shortDate('2027-01-04T13:05:00Z', now)).toMatch(/2027/);
    expect(dateTime('2026-12-03T13:05:00Z')).toMatch(/ om 14:05$/);
    expect(period('2026-12-03T13:00:00Z', '2026-12-03T14:30:00Z')).toMatch(/14:00 – 15:30$/);
    expect(period('2026-12-03T21:00:00Z', '2026-12-03T23:30:00Z')).toMatch(/22:00 – 00:30$/); // Past midnight.
  });
  test('near is near', () => {
    expect(near('2026-11-26T07:30:00Z', now)).toBe('vandaag om 08:30');
    expect(near('2026-11-26T23:30:00Z', now)).toBe('morgen om 00:30');
    expect(near('2026-11-25T12:00:00Z', now)).toBe('gisteren om 13:00');
    expect(near('2026-11-29T12:00:00Z', now)).toBe('over 3 dagen');
    expect(near('2026-12-20T12:00:00Z', now)).toBe('zo 20 dec');
  });
  test('in French and English too', async () => {
    await speak('fr');
    expect(time('2026-12-03T13:05:00Z')).toBe('14 h 05');
    expect(longDate('2026-12-03T13:05:00Z')).toBe('3 décembre 2026');
    await speak('en');
    expect(numericDate('2026-12-03T13:05:00Z')).toBe('03/12/2026');
  });
});

test.each([
  ['3/12/2026', '2026-12-3'],
  ['03-12-26', '2026-12-3'],
  ['3.12', '2026-12-3'],
  ['3 dec', '2026-12-3'],
  ['1 maart 2027', '2027-3-1'],
  ['1 fév 2027', '2027-2-1'],
  ['2/3', '2027-3-2'], // Past this year: the next.
  ['26/11', '2026-11-26'], // Today is not past.
  ['29/2/2028', '2028-2-29'],
  ['29/2/2027', null],
  ['31/4', null],
  ['12/13/2026', null],
  ['0/1', null],
  ['morgen', null],
  ['', null],
  ['3/12/026', null],
])('the day %s', (typed, wanted) => {
  const found = parseDate(typed, now);
  expect(found && `${found.year}-${found.month}-${found.day}`).toBe(wanted);
});
test.each([
  ['14:30', '14:30'],
  ['9u30', '9:30'],
  ['9u', '9:0'],
  ['9h05', '9:5'],
  ['9', '9:0'],
  ['0930', '9:30'],
  ['14.30', '14:30'],
  ['24:00', null],
  ['9:75', null],
  ['half tien', null],
])('the hour %s', (typed, wanted) => {
  const found = parseTime(typed);
  expect(found && `${found.hour}:${found.minute}`).toBe(wanted);
});
test.each([
  ['2026-12-3', '14:30', '2026-12-03T13:30:00Z'],
  ['2026-7-3', '14:30', '2026-07-03T12:30:00Z'],
  ['2026-10-25', '2:30', '2026-10-25T00:30:00Z'], // Comes twice: the first.
  ['2026-3-29', '2:30', '2026-03-29T01:30:00Z'], // Does not exist: the clock has leapt to 3:30.
])('%s at %s is a moment', (day, hour, wanted) => {
  const [year, month, number] = day.split('-').map(Number);
  const [h, m] = hour.split(':').map(Number);
  expect(wire(moment({ year: year!, month: month!, day: number! }, { hour: h!, minute: m! }))).toBe(wanted);
});
