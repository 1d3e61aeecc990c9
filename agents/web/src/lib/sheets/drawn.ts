// A field as it is described, as one that Fields.svelte draws.
import { asOptions, joined, others, type Field, type Option } from '../acts/act';
import type { Schemas } from '../api';
import { t } from '../i18n.svelte';
import { categories, organisations, purposes } from '../words.svelte';
import { optionsOf, textOf, valueAt, type FieldSheet, type Row } from './sheet';

const as: Partial<Record<FieldSheet['as'], Field['as']>> = { lines: 'text', counted: 'text', number: 'line', date: 'day', span: 'one', either: 'one', partial: 'line' };
interface Around {
  rows?: Row[]; // Of which names are suggested.
  source?: Option[];
  trajectory?: Schemas['Trajectory'];
}
function choices(field: FieldSheet, { source, trajectory }: Around): Option[] {
  if (field.from) return source ?? [];
  if (field.members && trajectory) return asOptions((field.members === 'joined' ? joined : others)(trajectory));
  if (field.vocabulary) return (field.vocabulary === 'categories' ? categories : purposes)().map((one) => ({ value: one.slug, label: one.label }));
  if (field.organisations) return asOptions(organisations().filter((one) => !one.self));
  return optionsOf(field);
}
export function drawn(field: FieldSheet, around: Around = {}): Field {
  const { suggest } = field;
  const options = choices(field, around);
  return {
    ...field, as: as[field.as] ?? (field.as as Field['as']), label: field.title ?? t(field.label ?? `field.${field.name}`), hint: field.hint ? t(field.hint) : undefined,
    options: field.as === 'pick' && !field.start ? [{ value: '', label: t('network.choose') }, ...options] : options,
    numeric: field.as === 'number', sample: field.as === 'number' ? '1' : field.as === 'partial' ? '2000' : undefined,
    suggest: suggest ? [...new Set(around.rows?.map((row) => textOf(valueAt(row, suggest))).filter(Boolean))] : undefined,
  };
}
