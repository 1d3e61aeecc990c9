// Which pages are opened in every width, theme and language: a name, an address, and as whom.
// `facts` is what the test set up: { trajectory, consultation, table } and what fill() of story.mjs said.
// `open`: what is pressed first, for what a page shows only when it is asked for.
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const file = join(dirname(fileURLToPath(import.meta.url)), '../../agents/web/src/routes.ts');
export const routes = () => [...readFileSync(file, 'utf8').matchAll(/path: '([^']+)'/g)].map((found) => found[1]);
export const matches = (route, at) => new RegExp(`^${route.replace(/:\w+/g, '[^/]+')}$`).test(at);
// Opened by tests of their own: they take a secret, or lead on.
export const elsewhere = ['/guest/:secret', '/guest/own/:part', '/setup/:invitation', '/tables/of/:record'];

const acts = [
  'grant', 'frame', 'note', 'request', 'agreement', 'goal', 'criterion', 'action', 'commitment', 'referral', 'invite', 'introduce', 'stage', 'close', 'lead-offer', 'erase',
  'figure', 'tie', 'kinship', 'life-event', 'circular', 'module', 'contact', 'hearing', 'school-report', 'aftercare-contact', 'adulthood-plan', 'conference', 'supporters',
  'ring-answer', 'court-plan',
];
const views = ['genogram', 'lifeline', 'intake', 'circular', 'overlay'];
const house = ['visits', 'duty', 'structural', 'register', 'parents', 'opendays', 'learning', 'numbers'];
const tabs = ['methods', 'later', 'network', 'goals', 'actions', 'consent', 'members', 'commitments', 'papers', 'talk', 'keeping'];
// What is done to something that is there already.
const actsOn = {
  grant: ['withdraw', 'narrow'],
  goal: ['goal-edit', 'goal-progress', 'goal-review'],
  criterion: ['criterion-edit', 'judgement'],
  action: ['action-edit', 'action-done'],
  commitment: ['commitment-edit', 'sign'],
  note: ['share', 'exception'],
  alerting: ['alert'],
  figure: ['figure-edit'],
  kinship: ['kinship-edit'],
  event: ['life-event-edit'],
  circular: ['circular-answer'],
  torn: ['repair'],
  persons: ['sign-person'],
  hearing: ['hearing-edit'],
  referral: ['referral-withdraw'],
  aftercare: ['aftercare-edit', 'aftercare-done'],
  adulthood: ['adulthood-edit'],
  plan: ['family-answer'],
};

export const pages = ({ trajectory, consultation, table, over, ...said }) => [
  { name: 'today', at: '#/today' },
  { name: 'trajectories', at: '#/trajectories' },
  { name: 'trajectory-new', at: '#/trajectories/new' },
  { name: 'trajectory', at: `#/trajectories/${trajectory}` },
  ...tabs.map((tab) => ({ name: `trajectory-${tab}`, at: `#/trajectories/${trajectory}/${tab}` })),
  ...views.map((view) => ({ name: `network-${view}`, at: `#/trajectories/${trajectory}/network?view=${view}` })),
  { name: 'act-life-domain', at: `#/trajectories/${trajectory}/do/life-domain?item=living` },
  { name: 'partnerships', at: '#/partnerships' },
  ...house.map((part) => ({ name: `house-${part}`, at: `#/house/${part}` })),
  { name: 'house-missed', at: `#/house/structural?show=${new Date().getFullYear() - 1}` },
  { name: 'house-visit-begin', at: '#/house/visits?do=begin', shows: 'dialog form' },
  { name: 'house-agreement-add', at: '#/house/register', open: 'main .sk-row button', shows: 'dialog form' },
  { name: 'house-group', at: `#/house/parents/${said.group}` },
  { name: 'house-group-add', at: `#/house/parents/${said.group}`, open: 'main .do button', shows: 'dialog form' },
  { name: 'house-numbers-for-an-auditor', at: '#/house', as: 'auditor' },
  { name: 'act-learning-case', at: '#/house/do/learning-case' },
  { name: 'places', at: '#/places?show=ours' },
  { name: 'place-new', at: '#/places/new' },
  { name: 'place', at: `#/places/${said.place}` },
  { name: 'act-place-close', at: `#/places/do/place-close?item=${said.place}` },
  ...acts.map((act) => ({ name: `act-${act}`, at: `#/trajectories/${trajectory}/do/${act}` })),
  ...Object.entries(actsOn).flatMap(([thing, some]) => some.map((act) => ({ name: `act-${act}`, at: `#/trajectories/${trajectory}/do/${act}?item=${said[thing]}`, shows: 'main form' }))),
  // What is the partner's to do.
  { name: 'partner-methods', at: `#/trajectories/${trajectory}/methods`, as: 'partner' },
  { name: 'act-conference-phase', at: `#/trajectories/${trajectory}/do/conference-phase?item=${said.conference}:plan`, as: 'partner', shows: 'main form' },
  { name: 'act-referral-answer', at: `#/trajectories/${trajectory}/do/referral-answer?item=${said.referral}`, as: 'partner', shows: 'main form' },
  { name: 'act-leave', at: `#/trajectories/${trajectory}/do/leave`, as: 'partner', shows: 'main form' },
  { name: 'act-place-ask', at: `#/places/do/place-ask?item=${said.place}`, as: 'partner', shows: 'main form' },
  { name: 'act-place-answer', at: `#/places/do/place-answer?item=${said.hold}`, shows: 'main form' },
  { name: 'act-remove', at: `#/trajectories/${trajectory}/do/remove?item=kjp`, shows: 'main form' },
  { name: 'trajectory-day', at: `#/trajectories/${trajectory}?zoom=${new Date().toISOString().slice(0, 7)}&kinds=consent,help` },
  { name: 'dossier', at: `#/trajectories/${trajectory}/keeping`, open: '#take ~ .sk-row button', shows: 'article.sk-paper h2' },
  { name: 'sealed', at: `#/trajectories/${trajectory}/keeping`, as: 'auditor', open: '#sealed ~ ul button', shows: 'dialog form' },
  { name: 'erasure-proposed', at: `#/trajectories/${over}/keeping` },
  { name: 'act-erase-confirm', at: `#/trajectories/${over}/do/erase-confirm` },
  { name: 'invitations', at: '#/invitations' },
  { name: 'ask', at: `#/consultations/new?trajectory=${trajectory}` },
  { name: 'ask-anonymously', at: '#/consultations/new' },
  { name: 'consultations', at: '#/consultations' },
  { name: 'consultation', at: `#/consultations/${consultation}` },
  { name: 'tables', at: '#/tables' },
  { name: 'table-new', at: `#/tables/new?trajectory=${trajectory}` },
  { name: 'table', at: `#/tables/${table}` },
  { name: 'calendar', at: '#/calendar' },
  { name: 'calendar-month', at: '#/calendar?view=month' },
  { name: 'search', at: '#/search' },
  { name: 'audit', at: `#/audit?trajectory=${trajectory}` },
  { name: 'audit-answered', at: `#/audit?trajectory=${trajectory}`, open: 'main form button[type=submit]', shows: 'main table, main ol, main .sk-list' },
  { name: 'account', at: '#/account' },
  { name: 'administration', at: '#/administration', as: 'administrator' },
  { name: 'administration-import', at: '#/administration/import', as: 'administrator' },
  { name: 'administration-webhooks', at: '#/administration/webhooks', as: 'administrator' },
  { name: 'administration-erasures', at: '#/administration/erasures' },
  { name: 'hub-for-an-auditor', at: '#/hub', as: 'auditor' },
  { name: 'audit-for-an-auditor', at: '#/audit', as: 'auditor' },
  { name: 'hub', at: '#/hub' },
  { name: 'setup-without-a-link', at: '#/setup' },
  { name: 'guest-without-a-link', at: '#/guest' },
  { name: 'no-such-page', at: '#/does/not/exist' },
  { name: 'no-such-trajectory', at: `#/trajectories/${'0'.repeat(32)}` },
];
