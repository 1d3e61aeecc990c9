// What is described as data (src/sheets) is held to the API's document: each path, field, choice and column is there.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { actOf } from '../src/lib/acts/described';
import type { Context, Values } from '../src/lib/acts/act';
import { has } from '../src/lib/i18n.svelte';
import { asDay, begin, bodyOf, said, shown, type ActSheet, type ActionSheet, type FieldSheet, type Sheet } from '../src/lib/sheets/sheet';
import { repository } from './repository';

type Schema = { $ref?: string; type?: string | string[]; properties?: Record<string, Schema>; required?: string[]; items?: Schema; oneOf?: Schema[]; allOf?: Schema[]; enum?: unknown[]; description?: string };
type Operation = { parameters?: { $ref?: string; name?: string; in?: string; schema?: Schema }[]; requestBody?: { content: Record<string, { schema: Schema }> }; responses: Record<string, { content?: Record<string, { schema: Schema }> }> };
const document = JSON.parse(readFileSync(repository('agents/api/openapi.json'), 'utf8')) as { paths: Record<string, Record<string, Operation>>; components: { schemas: Record<string, Schema> } };
// What a place in a path is called is each one's own.
const plain = (path: string): string => path.replace(/\{\w+\}/g, '{}').replace(/\?.*/, '');
const operations = new Map(Object.entries(document.paths).flatMap(([path, methods]) => Object.entries(methods).map(([method, one]) => [`${method.toUpperCase()} ${plain(path)}`, one] as const)));
const operation = (name: string): Operation => {
  const found = (operations as Map<string, Operation>).get(plain(name));
  expect(found, name).toBeDefined();
  return found!;
};
const whole = (schema: Schema | undefined): Schema => {
  if (!schema) return {};
  if (schema.$ref) return whole(document.components.schemas[schema.$ref.split('/').at(-1)!]);
  const several = (schema.oneOf ?? schema.allOf ?? []).map(whole).filter((one) => one.type !== 'null');
  if (several.length === 0) return schema;
  return { ...several[0], properties: Object.assign({}, ...several.map((one) => one.properties ?? {})) as Record<string, Schema> };
};
const answer = (name: string): Schema => whole(Object.entries(operation(name).responses).find(([status]) => status.startsWith('2'))?.[1].content?.['application/json']?.schema);
// Bodies of records are open: what is in them the record's kind says.
const open = (schema: Schema): boolean => schema.description?.startsWith('By its type') ?? false;
function place(schema: Schema, at: string): Schema | undefined {
  let here = whole(schema);
  if (at === '') return { type: 'array', items: here };
  for (const name of at.split('.')) {
    if (open(here) || name === 'body') return { description: 'By its type' };
    here = whole(here.properties?.[name] ?? (here.items && /^\d+$/.test(name) ? here.items : undefined));
    if (Object.keys(here).length === 0) return undefined;
  }
  return here;
}
// Rows that stand in a body: of the one type that has them.
function rowsOf(schema: Schema, at: string): Schema | undefined {
  const [record, name] = at.split('.body.');
  return name ? whole(whole(place(schema, record!)?.properties?.body).properties?.[name]) : place(schema, at);
}

const source = join(import.meta.dirname, '../src/sheets');
const files = readdirSync(source).map((file) => [file, JSON.parse(readFileSync(join(source, file), 'utf8')) as { sheets?: Record<string, Sheet>; acts?: Record<string, ActSheet> }] as const);
const sheets = files.flatMap(([file, one]) => Object.entries(one.sheets ?? {}).map(([name, sheet]) => [`${file} ${name}`, sheet] as const));
const acts = files.flatMap(([file, one]) => Object.entries(one.acts ?? {}).map(([name, act]) => [name, act, file] as const));

function sends(name: string, fields: FieldSheet[], fixed: Record<string, unknown> = {}, ours: string[] = []): void {
  const schema = whole(operation(name).requestBody?.content['application/json']?.schema);
  const inPath = [...name.matchAll(/\{(\w+)\}/g)].map((found) => found[1]!);
  const sent = fields.filter((field) => !inPath.includes(field.name) && field.name !== 'understood');
  for (const field of sent) {
    const asked = whole(schema.properties?.[field.sends ?? field.name]);
    expect(Object.keys(asked).length, `${name}: ${field.sends ?? field.name}`).toBeGreaterThan(0);
    const choices = asked.enum ?? whole(asked.items).enum;
    if (field.times) expect(asked.type, `${name}: ${field.name}`).toBe('integer');
    else if (field.options && choices) for (const option of field.options) expect(choices, `${name}: ${field.name}`).toContain(option);
    if (choices && field.as === 'line') throw new Error(`${name}: ${field.name} is a choice`);
    if (['either', 'yes'].includes(field.as)) expect(asked.type, `${name}: ${field.name}`).toBe('boolean');
    if (field.as === 'number') expect(asked.type, `${name}: ${field.name}`).toBe('integer');
    if (['some', 'lines', 'counted'].includes(field.as)) expect(asked.type, `${name}: ${field.name}`).toBe('array');
  }
  for (const field of Object.keys(fixed)) expect(schema.properties, name).toHaveProperty([field]);
  const given = [...sent.map((field) => field.sends ?? field.name), ...Object.keys(fixed), ...ours];
  for (const field of schema.required ?? []) expect(given, `${name} wants ${field}`).toContain(field);
}
function reads(field: FieldSheet): void {
  if (!field.from) return;
  const { read, rows, label, value = 'id' } = field.from;
  const row = place(answer(`GET ${read}`), rows)?.items;
  for (const at of [...label.split(' '), value, ...Object.keys(field.from.only ?? {})]) expect(place(row!, at), `${read}: ${at}`).toBeDefined();
}

describe.each(sheets)('%s', (_, sheet) => {
  const read = answer(`GET ${sheet.read}`);
  const does = (one: ActionSheet, row: Schema): void => {
    expect(one.send ?? one.href, one.id).toBeTruthy();
    if (one.send) sends(one.send, one.fields ?? [], one.fixed);
    // `here`: how far the trajectory is, which the page says.
    for (const at of Object.keys(one.when ?? {})) if (at !== 'here') expect(place(at.startsWith('data.') ? read : row, at.replace(/^data\./, '')), `${one.id}: ${at}`).toBeDefined();
    for (const field of one.fields ?? []) {
      reads(field);
      if (field.value && !field.value.startsWith('mine.')) expect(place(row, field.value), `${one.id}: ${field.value}`).toBeDefined();
    }
    for (const at of Object.values(one.at ?? {})) expect(place(row, at), at).toBeDefined();
  };
  test('reads, asks and sends what the API has', () => {
    for (const part of sheet.parts) {
      const rows = rowsOf(read, part.rows);
      expect(rows?.type, part.rows).toBe('array');
      const row = whole(rows!.items);
      expect(part.columns.filter((one) => one.head)).toHaveLength(1);
      for (const column of part.columns) {
        for (const at of column.at.split(' ')) expect(place(row, at), `${part.rows}: ${at}`).toBeDefined();
        for (const slug of [place(row, column.at)].flatMap((one) => one?.enum ?? whole(one?.items).enum ?? [])) {
          if (column.words && column.as !== 'count') expect(has(`${column.words}.${String(slug)}`) || has(`${column.words}.${String(slug)}.name`), `${column.words}.${String(slug)}`).toBe(true);
        }
      }
      for (const one of part.do ?? []) does(one, row);
    }
    for (const one of sheet.do ?? []) does(one, read);
    if (sheet.filter) expect(operation(`GET ${sheet.read}`).parameters?.map((one) => one.name)).toContain(sheet.filter.name);
  });
  test('has words for what may be chosen', () => {
    for (const one of [...(sheet.do ?? []), ...sheet.parts.flatMap((part) => part.do ?? [])]) {
      for (const field of one.fields ?? []) {
        expect(has(field.label ?? `field.${field.name}`), `${one.id}: ${field.name}`).toBe(true);
        if (field.words) for (const option of field.options ?? []) expect(has(`${field.words}.${option}`) || has(`${field.words}.${option}.name`), `${field.words}.${option}`).toBe(true);
      }
    }
    for (const part of sheet.parts) for (const column of part.columns) expect(has(column.label ?? `field.${column.at.split(/[. ]/).at(-1)}`), column.at).toBe(true);
  });
});

const trajectory = { id: 't', stage: 'capable', members: ['gent', 'kjp'].map((id) => ({ organisation: { id, name: id }, status: 'joined', self: id === 'gent' })), items: [] };
describe.each(acts)('%s', (name, sheet, file) => {
  test('stands in the file of what it is about, and sends what the API has', () => {
    expect(file).toBe(`${name.split('-')[0]}.json`);
    sends(sheet.send, sheet.fields, sheet.fixed);
    for (const field of sheet.fields) {
      reads(field);
      expect(has(field.label ?? `field.${field.name}`), field.name).toBe(true);
    }
    if (sheet.find) {
      const [path, rows] = sheet.find.split(' ');
      const row = rows ? place(answer(`GET ${path}`), rows)?.items : answer(`GET ${path}`);
      for (const at of [sheet.about, ...sheet.fields.map((field) => field.value)]) if (at) expect(place(row!, at), `${path}: ${at}`).toBeDefined();
    }
  });
  test('has words, a value to begin with for all that it asks, and something to send', () => {
    const act = actOf(sheet);
    const about = { trajectory, item: 'x', found: { item: {}, sources: {} }, profiles: [] } as unknown as Context;
    for (const key of [act.title, act.lead, act.button, act.done, act.because]) if (key) expect(has(key), key).toBe(true);
    const values: Values = act.initial(about);
    for (const field of act.fields(values, about)) expect(values, `${name}.${field.name}`).toHaveProperty([field.name]);
    const sent = act.request(values, about);
    for (const [, hole] of sent.path.matchAll(/\{(\w+)\}/g)) expect(sent.at, name).toHaveProperty([hole!]);
  });
});

test('what is written comes back as it was, and is sent as the API takes it', () => {
  const counted: FieldSheet = { name: 'attendees', as: 'counted', value: 'who' };
  const who = [{ name: 'Oma', count: 1 }, { name: 'Familie van K.', count: 3 }];
  expect(begin(counted, { who })).toBe('Oma\nFamilie van K. 3');
  expect(said(counted, 'Oma\n Familie van K. 3 \n\n')).toEqual(who);
  expect(said({ name: 'day', as: 'date' }, begin({ name: 'day', as: 'date', value: 'day' }, { day: '2026-12-03' }))).toBe('2026-12-03');
  expect(asDay('2026-12-02T23:30:00Z')).toBe('2026-12-03'); // On the Belgian clock.
  expect(bodyOf([{ name: 'hold_minutes', as: 'number', times: 60 }, { name: 'why', as: 'line' }, { name: 'met', as: 'either' }], { hold_minutes: '4', why: ' ', met: 'no' }, { agreement: '{id}' }, { id: 'a1' })).toEqual({ hold_minutes: 240, met: false, agreement: 'a1' });
  // Where nothing is chosen nothing is said, unless something was there.
  expect(bodyOf([{ name: 'to', as: 'some' }, { name: 'domains', as: 'some', value: 'domains' }], { to: [], domains: [] })).toEqual({ domains: [] });
  // What was there and is taken away is said.
  expect(bodyOf([{ name: 'notes', as: 'text', value: 'notes' }], { notes: '' })).toEqual({ notes: '' });
  expect(shown({ from: '2026-01-05', until: '2026-12-03' }, { at: 'from until', as: 'date' })).toBe('5 januari 2026 – 3 december 2026');
  expect(shown({ trajectory: null }, { at: 'trajectory', none: 'today.anonymous' })).not.toBe('');
});
