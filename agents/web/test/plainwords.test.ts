import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { plain } from '../src/lib/plainwords';
import { repository } from './repository';

test.each([
  ['nothing to leave out', 'Wacht 30 seconden en probeer dan opnieuw.', 'Wacht 30 seconden en probeer dan opnieuw.'],
  ['the product is no command', 'Schakel zegt hoe lang (Schakel kijkt).', 'Schakel zegt hoe lang (Schakel kijkt).'],
  ['between brackets', 'Leg eerst vast wat is afgesproken (schakel grants give), of laat deze organisatie weg.', 'Leg eerst vast wat is afgesproken, of laat deze organisatie weg.'],
  ['after a colon', 'Zeg waarom: --why.', 'Zeg waarom.'],
  ['a sentence after it', 'Stop eerst met een ander: schakel unfollow TRAJECT. Hoogstens 500 per medewerker.', 'Stop eerst met een ander. Hoogstens 500 per medewerker.'],
  ['two in a row', 'Zeg op welk formulier: --how; mondeling vraagt ook --oral en --witness.', 'Zeg op welk formulier.'],
  ['an alternative stays', 'Vervang alle sleutels met schakel keys rotate, of bel de beheerder van de hub.', 'Bel de beheerder van de hub.'],
  ['nothing else is said', 'Kies uit schakel tables show.', ''],
])('%s', (_, text, wanted) => expect(plain(text)).toBe(wanted));

test.each(['nl', 'en'])('no command of the agent reaches the page: %s', (language) => {
  const words = JSON.parse(readFileSync(repository(`agents/i18n/${language}.json`), 'utf8')) as Record<string, unknown>;
  const all: string[] = [];
  const collect = (node: unknown): void => void (typeof node === 'string' ? all.push(node) : Object.values(node as object).forEach(collect));
  collect((words as { next?: unknown }).next ?? Object.fromEntries(Object.entries(words).filter(([key]) => key.startsWith('next.'))));
  expect(all.length).toBeGreaterThan(300);
  const left = all.map(plain).filter((text) => /--[a-z]|\bschakel(-agent|-hub)? [a-z]|[(:;,]\s*[.)]|\.\.|\s\s/.test(text));
  expect(left).toEqual([]);
});
