// The client of this page. Parts that it tells of things are set by them, so that none has to know the others.
import { Client, type Hooks } from './client';

const hooks: Hooks = { language: () => 'nl', csrf: () => '', signedOut: () => {}, reached: () => {} };
export const hook = (some: Partial<Hooks>): void => void Object.assign(hooks, some);
export const api = new Client({
  language: () => hooks.language(),
  csrf: () => hooks.csrf(),
  signedOut: (problem) => hooks.signedOut(problem),
  reached: (there) => hooks.reached(there),
  sent: () => hooks.sent?.(),
  reason: () => hooks.reason?.(),
});

export * from './client';
export * from './problem';
