// Whether the agent is reachable, and whether it reaches the hub. What is said while the hub is away waits in the agent.
import { api, hook, type Schemas } from './api';

let reachable = $state(true);
let status = $state.raw<Schemas['Status'] | null>(null);
// Who only looked wrote nothing that waits.
export function waitingOf(status: Schemas['Status']): number {
  return status.outbox - status.looks_waiting;
}
let probe: ReturnType<typeof setTimeout> | undefined;

export const net = {
  get offline(): boolean {
    return !reachable;
  },
  get hubAway(): boolean {
    return reachable && status !== null && !status.connected;
  },
  get distrusted(): boolean {
    return status?.distrusted != null || status?.refused != null;
  },
  get status(): Schemas['Status'] | null {
    return status;
  },
};

export function noteReached(there: boolean): void {
  const back = there && !reachable;
  reachable = there;
  if (!there) probeSoon();
  // Whoever was answered first: what waits on every page is asked again.
  if (back) window.dispatchEvent(new Event('schakel:back'));
}

// Until it answers again; whatever else asks meanwhile counts too.
function probeSoon(pause = 2000): void {
  clearTimeout(probe);
  probe = setTimeout(async () => {
    if (reachable) return;
    try {
      await fetch('/v1/session', { cache: 'no-store', credentials: 'same-origin' });
      noteReached(true);
    } catch {
      probeSoon(Math.min(pause * 1.6, 20_000));
    }
  }, pause);
}

export async function readStatus(): Promise<void> {
  try {
    status = (await api.get('/v1/status')).data;
  } catch {
    // The banner for that is there already.
  }
}
export const forgetStatus = (): void => void (status = null);

if (typeof window !== 'undefined') {
  window.addEventListener('offline', () => noteReached(false));
  window.addEventListener('online', () => probeSoon(0));
}
// While the hub is away, what is sent is one more that waits.
hook({ reached: noteReached, sent: () => void (net.hubAway && readStatus()) });
