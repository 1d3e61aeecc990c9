// Every page, and where it stands in the navigation. A page is one line here, one file in pages/, and its words in i18n/.
import type { IconName } from './lib/components/Icon.svelte';
import type { PageRoute } from './lib/router.svelte';

export interface Route extends PageRoute {
  nav?: { icon: IconName; key: string; count?: 'inbox' | 'alarms'; short?: string }; // `key`: pressed after g; `short`: its words on a telephone.
}
const care: Route['roles'] = ['worker', 'coordinator'];
const careAndAudit: Route['roles'] = ['worker', 'coordinator', 'auditor'];

export const routes: Route[] = [
  { path: '/today', title: 'today.title', load: () => import('./pages/Today.svelte'), roles: care, nav: { icon: 'today', key: 'v', count: 'inbox', short: 'shell.short_today' } },
  { path: '/trajectories', title: 'trajectories.title', load: () => import('./pages/Trajectories.svelte'), roles: careAndAudit, nav: { icon: 'path', key: 't', short: 'shell.short_trajectories' } },
  { path: '/trajectories/new', title: 'act.open.title', load: () => import('./pages/Act.svelte'), roles: care },
  { path: '/trajectories/:trajectory', title: 'trajectory.title', load: () => import('./pages/Trajectory.svelte'), parts: true, roles: careAndAudit },
  { path: '/trajectories/:trajectory/:tab', title: 'trajectory.title', load: () => import('./pages/Trajectory.svelte'), parts: true, roles: careAndAudit },
  { path: '/trajectories/:trajectory/do/:act', title: 'act.page', load: () => import('./pages/Act.svelte'), roles: care },
  { path: '/invitations', title: 'invitations.title', load: () => import('./pages/Invitations.svelte'), roles: care },
  { path: '/consultations/new', title: 'ask.title', load: () => import('./pages/Ask.svelte'), roles: care },
  { path: '/consultations', title: 'consultations.title', load: () => import('./pages/Consultations.svelte'), roles: care, nav: { icon: 'question', key: 'c', short: 'shell.short_questions' } },
  { path: '/consultations/:consultation', title: 'consultation.title', load: () => import('./pages/Consultation.svelte'), roles: care },
  { path: '/tables', title: 'tables.title', load: () => import('./pages/Tables.svelte'), roles: care, nav: { icon: 'table', key: 'r', short: 'shell.short_tables' } },
  { path: '/tables/new', title: 'tables.propose', load: () => import('./pages/TableNew.svelte'), roles: care },
  { path: '/tables/of/:record', title: 'tables.meeting', load: () => import('./pages/TableOf.svelte'), roles: care },
  { path: '/tables/:table', title: 'tables.meeting', load: () => import('./pages/Table.svelte'), roles: care },
  { path: '/calendar', title: 'calendar.title', load: () => import('./pages/Calendar.svelte'), roles: care, nav: { icon: 'calendar', key: 'k' } },
  { path: '/partnerships', title: 'partnerships.title', load: () => import('./pages/network/Partnerships.svelte'), roles: care, nav: { icon: 'network', key: 'n', short: 'shell.short_network' } },
  { path: '/places', title: 'places.title', load: () => import('./pages/places/Places.svelte'), roles: care, nav: { icon: 'table', key: 'p' } },
  { path: '/places/new', title: 'act.place_offer.title', load: () => import('./pages/places/Offer.svelte'), roles: care },
  { path: '/places/do/:act', title: 'act.page', load: () => import('./pages/Act.svelte'), roles: care },
  { path: '/places/:place', title: 'places.title', load: () => import('./pages/places/Place.svelte'), roles: care },
  { path: '/house', title: 'house.title', load: () => import('./pages/house/House.svelte'), parts: true, roles: careAndAudit, nav: { icon: 'flag', key: 'o', short: 'shell.short_house' } },
  { path: '/house/do/:act', title: 'act.page', load: () => import('./pages/Act.svelte'), roles: care },
  { path: '/house/:part', title: 'house.title', load: () => import('./pages/house/House.svelte'), parts: true, roles: careAndAudit },
  { path: '/house/:part/:item', title: 'house.title', load: () => import('./pages/house/House.svelte'), parts: true, roles: careAndAudit },
  { path: '/search', title: 'search.title', load: () => import('./pages/Search.svelte'), roles: care, nav: { icon: 'search', key: 'z' } },
  { path: '/audit', title: 'audit.title', load: () => import('./pages/Audit.svelte'), roles: careAndAudit, nav: { icon: 'eye', key: 'w', short: 'shell.short_audit' } },
  { path: '/administration', title: 'admin.title', load: () => import('./pages/Administration.svelte'), parts: true, roles: ['administrator', 'coordinator', 'auditor'], nav: { icon: 'gear', key: 'b' } },
  { path: '/administration/:part', title: 'admin.title', load: () => import('./pages/Administration.svelte'), parts: true, roles: ['administrator', 'coordinator', 'auditor'] },
  { path: '/hub', title: 'hub.title', load: () => import('./pages/Hub.svelte'), nav: { icon: 'hub', key: 'h', count: 'alarms', short: 'shell.short_hub' } },
  { path: '/account', title: 'account.title', load: () => import('./pages/Account.svelte') },
  { path: '/guest', title: 'guest.title', load: () => import('./pages/Guest.svelte'), open: true, bare: true },
  { path: '/guest/own/:part', title: 'guest.title', load: () => import('./pages/Guest.svelte'), open: true, bare: true },
  { path: '/guest/:secret', title: 'guest.title', load: () => import('./pages/Guest.svelte'), open: true, bare: true },
  { path: '/setup/:invitation', title: 'setup.title', load: () => import('./pages/Setup.svelte'), open: true, bare: true },
  { path: '/setup', title: 'setup.title', load: () => import('./pages/Setup.svelte'), open: true, bare: true },
];

// Where somebody arrives who names no place.
export const home = (roles: readonly string[]): string =>
  roles.includes('worker') || roles.includes('coordinator') ? '/today' : (routes.find((one) => one.nav && allowed(one, roles))?.path ?? '/welcome');
export const allowed = (route: PageRoute, roles: readonly string[]): boolean => !route.roles || route.roles.some((role) => roles.includes(role));
