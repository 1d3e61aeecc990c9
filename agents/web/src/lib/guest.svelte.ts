// A guest of one meeting: somebody with a link and no account. The secret of the link goes to the agent once, leaves the
// address at once, and is kept nowhere; what follows is the agent's own cookie. Nothing of it touches a session of staff.
import { asProblem, Client, newKey, type AnswerTo, type Problem } from './api';
import { agentLanguages } from './i18n.svelte';
import { noteReached } from './net.svelte';

export type Meeting = AnswerTo<'/v1/guest/meeting'>;
type State = 'begin' | 'in' | 'no-link' | 'out';

let state = $state<State>('begin');
let meeting = $state.raw<Meeting | null>(null);
let problem = $state.raw<Problem | null>(null);
let csrf = '';

const drop = (to: State): void => {
  state = to;
  meeting = null;
  csrf = '';
};
export const guestApi = new Client({
  language: agentLanguages,
  csrf: () => csrf,
  signedOut: () => drop('no-link'),
  reached: noteReached,
});

export const guest = {
  get state(): State {
    return state;
  },
  get meeting(): Meeting | null {
    return meeting;
  },
  get problem(): Problem | null {
    return problem;
  },
  get young(): boolean {
    return meeting?.guest.who === 'young-person';
  },
};

export async function readMeeting(): Promise<void> {
  problem = null;
  try {
    meeting = (await guestApi.get('/v1/guest/meeting')).data;
    csrf = meeting.csrf;
    state = 'in';
  } catch (thrown) {
    const found = asProblem(thrown);
    if (!found.offline) drop('no-link');
    problem = found.rule === 'guest.session' ? null : found;
  }
}

export async function enter(token: string): Promise<void> {
  drop('begin');
  problem = null;
  try {
    csrf = (await guestApi.post('/v1/guest/session', { body: { token } })).data.csrf;
  } catch (thrown) {
    problem = asProblem(thrown);
    if (!problem.offline) state = 'no-link';
    return;
  }
  await readMeeting();
}

export async function leaveGuest(): Promise<void> {
  try {
    await guestApi.remove('/v1/guest/session', {});
  } catch {
    // It ends by itself after two hours; nothing of it stays here.
  }
  problem = null;
  drop('out');
}

// ---- What the young person asks about themself. Young people alone are answered. ----

export type OwnConsent = AnswerTo<'/v1/guest/consents'>['consents'][number];
export type OwnFile = AnswerTo<'/v1/guest/report'>['files'][number];

export const ownReport = async (): Promise<OwnFile[]> => (await guestApi.get('/v1/guest/report')).data.files;
export const ownConsents = async (): Promise<OwnConsent[]> => (await guestApi.get('/v1/guest/consents')).data.consents;
export const withdraw = async (grant: string, reason: string, key = newKey()): Promise<void> => {
  await guestApi.send('/v1/guest/consents/{grant}/withdrawal', { path: { grant }, key, body: reason ? { reason } : {} });
};

// ---- What any guest is asked to sign ----

export type AskedCommitment = AnswerTo<'/v1/guest/commitments'>['commitments'][number];

export const askedCommitments = async (): Promise<AskedCommitment[]> => (await guestApi.get('/v1/guest/commitments')).data.commitments;
export const sayGoalProgress = async (commitment: string, goal: string, progress: AskedCommitment['goals'][number]['progress'][number]['progress'], words: string, key: string): Promise<void> => {
  await guestApi.send('/v1/guest/commitments/{commitment}/progress', { path: { commitment }, key, body: { goal, progress, ...(words ? { words } : {}) } });
};
export const sayToCommitment = async (commitment: string, declined: boolean, words: string, key: string): Promise<void> => {
  await guestApi.send('/v1/guest/commitments/{commitment}/signature', { path: { commitment }, key, body: { declined, ...(words ? { words } : {}) } });
};
