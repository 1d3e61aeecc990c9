// Which pages are opened in every width, theme and language: a name, an address, and whether it needs no session.
// `facts` is what the test set up: { trajectory, consultation, ... }.
export const pages = (facts) => [
  { name: 'today', at: '#/today' },
  { name: 'trajectories', at: '#/trajectories' },
  { name: 'ask', at: `#/consultations/new?trajectory=${facts.trajectory}` },
  { name: 'ask-anonymously', at: '#/consultations/new' },
  { name: 'audit', at: `#/audit?trajectory=${facts.trajectory}` },
  { name: 'account', at: '#/account' },
  { name: 'administration', at: '#/administration' },
  { name: 'administration-erasures', at: '#/administration/erasures' },
  { name: 'hub', at: '#/hub' },
  { name: 'guest-without-a-link', at: '#/guest' },
  { name: 'no-such-page', at: '#/does/not/exist' },
];
