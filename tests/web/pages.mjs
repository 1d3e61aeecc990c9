// Which pages are opened in every width, theme and language: a name, an address, and whether it needs no session.
// `facts` is what the test set up: { trajectory, consultation, ... }.
export const pages = (facts) => [
  { name: 'today', at: '#/today' },
  { name: 'trajectories', at: '#/trajectories' },
  { name: 'ask', at: `#/consultations/new?trajectory=${facts.trajectory}` },
  { name: 'ask-anonymously', at: '#/consultations/new' },
  { name: 'consultations', at: '#/consultations' },
  ...(facts.consultation ? [{ name: 'consultation', at: `#/consultations/${facts.consultation}` }] : []),
  { name: 'tables', at: '#/tables' },
  { name: 'table-new', at: `#/tables/new?trajectory=${facts.trajectory}` },
  { name: 'calendar', at: '#/calendar' },
  { name: 'calendar-month', at: '#/calendar?view=month' },
  { name: 'search', at: '#/search' },
  { name: 'no-such-page', at: '#/does/not/exist' },
];
