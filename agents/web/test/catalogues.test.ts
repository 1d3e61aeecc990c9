// The three catalogues say the same things, and exactly those that the page says.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

const source = join(import.meta.dirname, '../src');
const textOf = (language: string): string => readFileSync(join(source, `i18n/${language}.json`), 'utf8');
const catalogue = (language: string): Record<string, string> => JSON.parse(textOf(language)) as Record<string, string>;
const dutch = catalogue('nl');
const holes = (text: string): string[] => [...text.matchAll(/\{(\w+)\}/g)].map((found) => found[1]!).sort();

const code = readdirSync(source, { recursive: true, encoding: 'utf8' })
  .filter((file) => /\.(svelte|ts)$/.test(file) && !file.endsWith('schema.ts'))
  .map((file) => readFileSync(join(source, file), 'utf8'))
  .join('\n');
// Descriptions, which name keys, and families of them: "words": "level".
const described = readdirSync(join(source, 'sheets')).map((file) => readFileSync(join(source, 'sheets', file), 'utf8')).join('\n');
const families = [...described.matchAll(/"words": "([\w.-]+)"/g)].map((found) => `${found[1]!}.`);
// Whole keys stand between quotes; those that are put together begin a template: t(`module.${one}`).
const quoted = new Set([...`${code}\n${described}`.matchAll(/['"]([a-z_]+(?:\.[\w-]+)+)['"]/g)].map((found) => found[1]!));
const begun = [...code.matchAll(/`([a-z_]+\.(?:[\w-]+\.)*)\$\{/g)].map((found) => found[1]!).concat(families);
const stem = (key: string): string => key.replace(/\.(one|other)$/, '');

describe.each(['nl', 'en', 'fr'])('%s', (language) => {
  const words = catalogue(language);
  test('has the keys of the others, sorted, one space in', () => {
    expect(Object.keys(words)).toEqual(Object.keys(dutch));
    expect(Object.keys(words)).toEqual([...Object.keys(words)].sort());
    expect(textOf(language)).toBe(`${JSON.stringify(words, null, 1)}\n`);
  });
  test('leaves nothing empty, and no hole out', () => {
    for (const [key, text] of Object.entries(words)) {
      expect(text.trim(), key).not.toBe('');
      expect(holes(text), key).toEqual(holes(dutch[key]!));
    }
  });
});
test('counts come in pairs', () => {
  for (const key of Object.keys(dutch)) {
    if (/\.(one|other)$/.test(key)) for (const form of ['one', 'other']) expect(dutch, key).toHaveProperty([`${stem(key)}.${form}`]);
  }
});
test('every key is used', () => {
  const unused = Object.keys(dutch).filter((key) => !quoted.has(key) && !quoted.has(stem(key)) && !begun.some((start) => key.startsWith(start)));
  expect(unused).toEqual([]);
});
test('every key that is used is there', () => {
  const asked = [...code.matchAll(/\bt\(\s*['"]([\w.-]+)['"]/g), ...code.matchAll(/\btitle: '([\w-]+\.[\w.-]+)'/g)].map((found) => found[1]!);
  expect(asked.length).toBeGreaterThan(100);
  const missing = asked.filter((key) => !(key in dutch) && !(`${key}.one` in dutch));
  expect(missing).toEqual([]);
});
test('every key of a description is there', () => {
  const asked = [...described.matchAll(/"(?:title|lead|label|hint|button|done|say|empty|none|because)": "([\w.-]+)"/g)].map((found) => found[1]!);
  expect(asked.length).toBeGreaterThan(50);
  expect(asked.filter((key) => !(key in dutch) && !(`${key}.one` in dutch) && /\./.test(key))).toEqual([]);
  expect(families.filter((start) => !(start.slice(0, -1) in dutch) && !Object.keys(dutch).some((key) => key.startsWith(start)))).toEqual([]);
});
