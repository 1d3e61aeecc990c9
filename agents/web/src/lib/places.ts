// Where one goes to do what waits. The pages for it need not be there yet: then it leads to the trajectory.
import type { Schemas } from './api';
import { href } from './router.svelte';

type Item = Pick<Schemas['InboxItem'], 'what' | 'record' | 'trajectory' | 'kind'> & { due?: string | null };

export function placeOf(item: Item): string {
  const trajectory = item.trajectory?.id;
  const within = (tab: string): string => (trajectory ? href(`/trajectories/${trajectory}/${tab}`, { item: item.record ?? undefined }) : href('/today'));
  switch (item.what) {
    case 'invitation':
      return href('/invitations', { trajectory });
    case 'answer':
    case 'answer-late':
    case 'conclude':
    case 'crisis':
    case 'crisis-late':
    case 'crisis-unanswered':
      return item.record ? href(`/consultations/${item.record}`) : within('consultations');
    case 'vote':
    case 'fix':
    case 'report':
    case 'family':
    case 'quorum':
    case 'votes-late':
      return item.record ? href(`/tables/${item.record}`) : within('tables');
    case 'required-no':
    case 'counter':
      // The record is somebody's answer: which meeting it is of, it tells itself.
      return item.record ? href(`/tables/of/${item.record}`) : within('tables');
    case 'grant-ends':
      return within('consent');
    case 'lead-offered':
    case 'lead-unanswered':
    case 'referral':
    case 'referral-lapsed':
    case 'receiver':
      return within('members');
    case 'review-3-months':
    case 'review-6-months':
    case 'review-before-hearing':
      return href('/tables/new', { trajectory, kind: item.what, day: item.due ?? undefined });
    case 'supporter':
    case 'family-plan':
    case 'stay-ends':
    case 'alert-stands':
    case 'alert-open':
      return within('methods');
    case 'aftercare-due':
    case 'aftercare-late':
    case 'adulthood-plan':
    case 'adulthood-receiver':
    case 'adulthood-stage':
      return within('later');
    case 'recolour':
      return trajectory ? href(`/trajectories/${trajectory}/network`, { view: 'overlay' }) : href('/today');
    case 'sign':
      return within('commitments');
    case 'goal-review':
      return within('goals');
    case 'action':
    case 'action-late':
      return within('actions');
    case 'place-asked':
    case 'place-agreed':
    case 'place-refused':
    case 'place-lapsed':
    case 'place-ends':
      return href('/places', { show: 'ours' });
    case 'erase':
    case 'erase-outstanding':
    case 'outstanding':
      return within('keeping');
    default:
      // refused, new, withheld: what it was stands in the trajectory.
      return trajectory ? href(`/trajectories/${trajectory}`, { item: item.record ?? undefined }) : href('/today');
  }
}

// And of what waits that is of no trajectory.
export const houseOf = (one: Schemas['HouseItem']): string =>
  one.report ? href(`/house/school/${one.report.id}`) : one.visit ? href('/house/visits') : href('/house/structural', { show: String(one.year ?? '') });
