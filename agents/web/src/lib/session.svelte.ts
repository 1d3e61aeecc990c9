// Who is signed in. When it is nobody any more, the page drops what it shows (App.svelte), whatever the reason.
//
//   unknown  -> out | in          at the start
//   in       -> out               signed out: drafts and their key are destroyed
//   in       -> expired           ended by itself, or by somebody: the sign-in dialog, then back to the same place
//   expired  -> in                the same person: drafts are still there; somebody else: they are destroyed, and Today
import { api, hook, problemOf, type Schemas } from './api';
import { forgetDrafts, openDrafts } from './drafts';
import { listen, onChange, stopListening } from './live';
import { forgetStatus, readStatus } from './net.svelte';

export type Session = Schemas['Session'];
export type Role = Schemas['StaffRole'];
type State = 'unknown' | 'out' | 'expired' | 'in';

let state = $state<State>('unknown');
let who = $state.raw<Session | null>(null);
let codes = $state.raw<string[]>([]);
let before = ''; // Whose place it is to which an expired session returns.

export const session = {
  get state(): State {
    return state;
  },
  get name(): string {
    return who?.person.name ?? '';
  },
  get login(): string {
    return who?.person.login ?? '';
  },
  get id(): string {
    return who?.person.id ?? '';
  },
  get roles(): Role[] {
    return who?.roles ?? [];
  },
  // Shown once, after the account was set up; then forgotten.
  get recoveryCodes(): string[] {
    return codes;
  },
  has(...some: Role[]): boolean {
    return some.some((role) => who?.roles.includes(role) ?? false);
  },
  // Whether they do casework, so that records and people concern them.
  get works(): boolean {
    return this.has('worker', 'coordinator');
  },
};

const others = typeof BroadcastChannel === 'undefined' ? undefined : new BroadcastChannel('schakel-session');
if (others) {
  others.onmessage = (message: MessageEvent<string>) => {
    if (message.data === 'out') leave('out');
    else if (message.data === 'in' && state !== 'in') void begin();
  };
}

async function enter(entered: Session, told = false): Promise<void> {
  const same = before === '' || before === entered.person.id;
  void openDrafts(entered.person.id ?? ''); // Whoever reads one waits for it.
  who = entered;
  before = entered.person.id ?? '';
  if (!same && state === 'expired') location.hash = '#/today';
  state = 'in';
  if (told) others?.postMessage('in');
  listen({ ended: () => leave('expired') });
  void readStatus();
}

function leave(how: 'out' | 'expired'): void {
  if (state !== 'in' && how === 'expired') return;
  stopListening();
  forgetStatus();
  who = null;
  codes = [];
  state = how;
  if (how === 'out') before = '';
}

// At the start: whether there is a session already.
export async function begin(): Promise<void> {
  try {
    await enter((await api.get('/v1/session')).data);
  } catch {
    if (window.schakelFirst) window.schakelFirst.asked = {}; // Of nobody any more.
    if (state === 'unknown' || state === 'in') state = before ? 'expired' : 'out';
  }
}

export async function signIn(login: string, password: string, code: string): Promise<void> {
  await enter((await api.post('/v1/login', { body: { login, password, code } })).data, true);
}

export async function setUp(invitation: string, password: string, code: string): Promise<void> {
  const entered = (await api.post('/v1/setup', { body: { invitation, password, code } })).data;
  codes = entered.recovery_codes ?? [];
  await enter(entered, true);
}
export const codesNoted = (): void => void (codes = []);

// To the organisation's own provider; throws the agent's problem where there is none.
export async function signInElsewhere(): Promise<void> {
  // Asked without following: what is not a redirection is a reason why not.
  const response = await fetch('/v1/oidc/start', { redirect: 'manual', credentials: 'same-origin', cache: 'no-store' });
  if (response.type !== 'opaqueredirect') throw await problemOf(response);
  location.assign('/v1/oidc/start');
}

export async function signOut(): Promise<void> {
  try {
    await api.post('/v1/logout', { body: {} });
  } finally {
    // Also when the agent is away: nothing stays here. The cookie ends with the session's time.
    await forgetDrafts();
    leave('out');
    others?.postMessage('out');
    location.hash = '#/';
  }
}

hook({
  csrf: () => who?.csrf ?? '',
  signedOut: () => leave('expired'),
});
onChange((change) => {
  if (change.what === 'connection' || change.what === 'distrust' || change.what === 'alarm' || change.what === 'lost') void readStatus();
});
