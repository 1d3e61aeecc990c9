// What the agent has words for: categories, purposes and organisations, read once per session and language.
import { api, type Schemas } from './api';
import { language } from './i18n.svelte';

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
export const forgetWords = (): void => void (words = null);

export const categories = (): Schemas['Word'][] => words?.categories ?? [];
export const purposes = (): Schemas['Word'][] => words?.purposes ?? [];
export const organisations = (): Schemas['EnrolledOrganisation'][] => words?.organisations ?? [];
export const ownOrganisation = (): Schemas['EnrolledOrganisation'] | undefined => words?.organisations.find((one) => one.self);
export const categoryName = (slug: string): string => categories().find((one) => one.slug === slug)?.label ?? slug;
export const purposeName = (slug: string): string => purposes().find((one) => one.slug === slug)?.label ?? slug;
export const organisationName = (id: string): string => organisations().find((one) => one.id === id)?.name ?? id;
