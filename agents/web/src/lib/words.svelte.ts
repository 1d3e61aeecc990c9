// What the agent has words for: categories, purposes and organisations, read once per session and language.
import { api, type Schemas } from './api';
import { language } from './i18n.svelte';
import { onChange } from './live';

interface Words {
  categories: Schemas['Word'][];
  purposes: Schemas['Word'][];
  organisations: Schemas['EnrolledOrganisation'][];
}
let words = $state.raw<Words | null>(null);
let of = '';
let asked: Promise<void> | undefined;

export async function readWords(): Promise<void> {
  const wanted = language();
  if (words && of === wanted) return;
  asked ??= (async () => {
    try {
      const [vocabulary, enrolled] = await Promise.all([api.get('/v1/vocabulary'), api.get('/v1/organisations')]);
      words = { categories: vocabulary.data.categories, purposes: vocabulary.data.purposes, organisations: enrolled.data.organisations };
      of = wanted;
    } finally {
      asked = undefined;
    }
  })();
  await asked;
}
// What a form was last opened with, so that one can go on writing without a line; of this person, and in memory alone.
export const opened = new Map<string, unknown>();
export function forgetWords(): void {
  words = null;
  opened.clear();
}
onChange(({ what }) => ['withheld', 'sealed', 'erased', 'lost'].includes(what) && opened.clear());

export const categories = (): Schemas['Word'][] => words?.categories ?? [];
export const purposes = (): Schemas['Word'][] => words?.purposes ?? [];
export const organisations = (): Schemas['EnrolledOrganisation'][] => words?.organisations ?? [];
export const ownOrganisation = (): Schemas['EnrolledOrganisation'] | undefined => words?.organisations.find((one) => one.self);
export const categoryName = (slug: string): string => categories().find((one) => one.slug === slug)?.label ?? slug;
export const purposeName = (slug: string): string => purposes().find((one) => one.slug === slug)?.label ?? slug;
export const organisationName = (id: string): string => organisations().find((one) => one.id === id)?.name ?? id;
