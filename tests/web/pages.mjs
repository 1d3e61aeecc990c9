// Which pages are opened in every width, theme and language: a name, an address, and whether it needs no session.
// `facts` is what the test set up: { trajectory, consultation, ... }.
export const pages = (facts) => [
  { name: 'today', at: '#/today' },
  { name: 'trajectories', at: '#/trajectories' },
  { name: 'ask', at: `#/consultations/new?trajectory=${facts.trajectory}` },
  { name: 'ask-anonymously', at: '#/consultations/new' },
  { name: 'no-such-page', at: '#/does/not/exist' },
];
