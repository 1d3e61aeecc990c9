// An act that is described as data, as one that is written. It stands in the file of what it is about, so that its address says
// where: #/trajectories/ID/do/goal-edit is in src/sheets/goal.json.
import { api, type GetPath, type Schemas, type SendPath } from '../api';
import { t, type Key } from '../i18n.svelte';
import { drawn } from '../sheets/drawn';
import { asked, begin, bodyOf, filled, fits, sheets, sourceOf, textOf, valueAt, type ActSheet, type FieldSheet, type Row, type Values } from '../sheets/sheet';
import { joined, list, text, type Act, type Context, type Option } from './act';

interface Found {
  item: Row;
  sources: Record<string, Option[]>;
}
export async function described(name: string): Promise<Act | undefined> {
  const act = (await sheets(name.split('-')[0]!)).acts?.[name];
  return act && actOf(act);
}
type Place = Pick<Context, 'trajectory' | 'item'>;
// Whatever else a path names is what the act is about.
const at = (path: string, { trajectory, item }: Place): Record<string, string> =>
  Object.fromEntries([...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => [name!, name === 'trajectory' ? trajectory.id : item]));
const read = async (path: string, place: Place, signal: AbortSignal): Promise<Row> => ((await api.get(path as GetPath, { path: at(path, place), signal } as never)) as { data: Row }).data;
async function itemOf(find: string, place: Place, signal: AbortSignal): Promise<Row | undefined> {
  const [path, rows] = find.split(' ') as [GetPath, string?];
  if (!rows) return read(path, place, signal);
  return (await api.all(path, { path: at(path, place), signal } as never, (answer) => (answer as unknown as Record<string, Row[]>)[rows] ?? [])).find((one) => one.id === place.item);
}

// What is asked for each of several, and for those of their own: NAME/KEY/FIELD. `@`: one of their own, by its place.
const parted = (name: string): string[] => name.split('/');
function spread(field: FieldSheet, { item, sources }: Found): FieldSheet[] {
  if (field.as !== 'each') return [field];
  const own = ((item[field.name] as Row[] | undefined) ?? []).filter((one) => !one.key);
  const several = [...(sources[field.name] ?? []), ...[...own, { title: t('sheet.own') }].map((one, i) => ({ value: `@${i}`, label: textOf(one.title) }))];
  return several.flatMap(({ value, label }) =>
    (field.fields ?? [])
      .filter((one) => one.name !== 'title' || value.startsWith('@'))
      .map((one) => ({
        ...one, name: `${field.name}/${value}/${one.name}`, title: t(one.label!, { what: label }),
        when: one.when && Object.fromEntries(Object.entries(one.when).map(([at, some]) => [`${field.name}/${value}/${at}`, some])),
      })),
  );
}
const rowOf = (field: FieldSheet, item: Row): unknown => {
  const [list, key] = parted(field.name);
  if (!key) return item;
  const rows = (item[list!] as Row[] | undefined) ?? [];
  return key.startsWith('@') ? rows.filter((one) => !one.key)[Number(key.slice(1))] : rows.find((one) => one.key === key);
};
function gathered(body: Row): Row {
  const whole: Row = {};
  const several: Record<string, Record<string, Row>> = {};
  for (const [name, value] of Object.entries(body)) {
    const [list, key, field] = parted(name) as [string, string?, string?];
    if (!key) whole[list] = value;
    else (several[list] ??= {})[key] = { ...several[list][key], ...(key.startsWith('@') ? {} : { key }), [field!]: value };
  }
  // Of which nothing was said is left out.
  for (const [list, rows] of Object.entries(several)) whole[list] = Object.values(rows).filter((one) => Object.entries(one).some(([name, value]) => name !== 'key' && value !== '' && value !== 'open') && (one.key || one.title));
  return whole;
}

export function actOf(act: ActSheet): Act {
  const itemIn = (context: Context): Row => (context.found as Found | null)?.item ?? {};
  const all = (context: Context): FieldSheet[] => act.fields.flatMap((field) => spread(field, (context.found as Found | null) ?? { item: {}, sources: {} }));
  const shownOf = (values: Values, context: Context): FieldSheet[] => asked(all(context), values);
  const { scope } = act;
  return {
    ...act,
    title: act.title as Key,
    lead: act.lead as Key | undefined,
    button: (act.button ?? act.title) as Key,
    done: act.done as Key | undefined,
    because: act.because as Key | undefined,
    // item=methods: begun there.
    after: (sent, context) => (act.after ? filled(act.after, { ...context, sent }) : context.item === 'methods' ? `/trajectories/${context.trajectory.id}/methods` : ''),
    scope: scope && ((values, context) => {
      const record = itemIn(context).record as Schemas['Record'] | null | undefined;
      const found = scope.of === 'record' ? record?.categories : scope.of === 'field' ? list(values, 'categories') : undefined;
      return { purpose: (scope.of === 'record' ? record?.purpose : scope.of === 'field' ? text(values, 'purpose') : '') || (scope.purpose ?? 'care-coordination'), categories: found ?? scope.categories ?? [] };
    }),
    about: act.about ? (context) => textOf(valueAt(itemIn(context), act.about!)) : undefined,
    warn: (values) => (act.warn ?? []).filter((one) => fits(values, one.when)).map((one) => ({ tone: one.tone, title: one.title && t(one.title), text: t(one.text) })),
    find: async (context, signal) => {
      const item = act.find && context.item ? await itemOf(act.find, context, signal) : {};
      const sources: Record<string, Option[]> = {};
      for (const field of act.fields) if (field.from) sources[field.name] = sourceOf(field, await read(field.from.read, context, signal));
      return item && ({ item, sources } satisfies Found);
    },
    initial: (context) => {
      const known = joined(context.trajectory).map((one) => one.id);
      return Object.fromEntries(
        all(context).map((field) => {
          const value = begin(field, rowOf(field, itemIn(context)));
          return [field.name, field.members && Array.isArray(value) ? value.filter((one) => known.includes(one)) : value];
        }),
      );
    },
    fields: (values, context) => shownOf(values, context).map((field) => drawn(field, { source: (context.found as Found | null)?.sources?.[field.name], trajectory: context.trajectory })),
    request: (values, context) => {
      const path = act.send.split(' ')[1] as SendPath;
      return { path, at: at(path, context), body: gathered(bodyOf(shownOf(values, context).filter((field) => field.name !== 'understood'), values, act.fixed)) };
    },
  };
}
