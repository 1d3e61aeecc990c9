// Where one goes to do what waits. The pages for it need not be there yet: then it leads to the trajectory.
import type { Schemas } from './api';
import { href } from './router.svelte';

type Item = Pick<Schemas['InboxItem'], 'what' | 'record' | 'trajectory' | 'kind'> & { due?: string | null };

const tabs: Record<string, Item['what'][]> = {
  consultations: ['answer', 'answer-late', 'conclude', 'crisis', 'crisis-late', 'crisis-unanswered'],
  tables: ['vote', 'fix', 'report', 'family', 'quorum', 'votes-late'],
  consent: ['grant-ends'],
  members: ['lead-offered', 'lead-unanswered', 'referral', 'referral-lapsed', 'receiver'],
  methods: ['supporter', 'family-plan', 'stay-ends', 'alert-stands', 'alert-open'],
  later: ['aftercare-due', 'aftercare-late', 'adulthood-plan', 'adulthood-receiver', 'adulthood-stage'],
  commitments: ['sign', 'sign-persons', 'sign-anew'],
  goals: ['goal-review'],
  actions: ['action', 'action-late'],
  keeping: ['erase', 'erase-outstanding', 'outstanding'],
};

export function placeOf(item: Item): string {
  const trajectory = item.trajectory?.id;
  const { what, record } = item;
  const within = (tab: string): string => (trajectory ? href(`/trajectories/${trajectory}/${tab}`, { item: record ?? undefined }) : href('/today'));
  if (what === 'invitation') return href('/invitations', { trajectory });
  // The record is somebody's answer: which meeting it is of, it tells itself.
  if (what === 'required-no' || what === 'counter') return record ? href(`/tables/of/${record}`) : within('tables');
  if (what.startsWith('review-')) return href('/tables/new', { trajectory, kind: what, day: item.due ?? undefined });
  if (what.startsWith('place-')) return href('/places', { show: 'ours' });
  if (what === 'recolour') return trajectory ? href(`/trajectories/${trajectory}/network`, { view: 'overlay' }) : href('/today');
  const tab = Object.keys(tabs).find((one) => tabs[one]!.includes(what));
  if (record && (tab === 'consultations' || tab === 'tables')) return href(`/${tab}/${record}`);
  // refused, new, withheld: what it was stands in the trajectory.
  return tab ? within(tab) : trajectory ? href(`/trajectories/${trajectory}`, { item: record ?? undefined }) : href('/today');
}

// And of what waits that is of no trajectory.
export const houseOf = (one: Schemas['HouseItem']): string =>
  one.report ? href(`/house/school/${one.report.id}`) : one.visit ? href('/house/visits') : href('/house/structural', { show: String(one.year ?? '') });
