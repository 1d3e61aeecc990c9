// What changes, as the agent tells it: ids alone. One stream for all tabs of a browser, since a browser opens six
// connections to a place at most: the tab that holds the lock reads it, and passes on what it hears.
//
//   const stop = onChange((change) => ...);   // in $effect, or call stop() oneself
import { noteReached } from './net.svelte';

export interface Change {
  what: 'record' | 'outcome' | 'withheld' | 'sealed' | 'erased' | 'connection' | 'distrust' | 'alarm' | 'look' | 'other' | 'begun' | 'lost';
  record: string | null;
  trajectory: string | null;
}
type Listener = (change: Change) => unknown;
const listeners = new Set<Listener>();
const everything: Change = { what: 'lost', record: null, trajectory: null };

export function onChange(listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
function tell(change: Change): void {
  for (const listener of [...listeners]) listener(change);
}

export interface ServerEvent {
  id: string;
  event: string;
  data: string;
}
// The text/event-stream format, a chunk at a time; chunks end anywhere.
export class EventReader {
  private rest = '';
  private id = '';
  private event = '';
  private data: string[] = [];

  feed(chunk: string): ServerEvent[] {
    const found: ServerEvent[] = [];
    const lines = (this.rest + chunk).split(/\r\n|\n|\r(?!$)/);
    this.rest = lines.pop() ?? '';
    for (const line of lines) {
      if (line === '') {
        if (this.data.length > 0) found.push({ id: this.id, event: this.event, data: this.data.join('\n') });
        this.event = '';
        this.data = [];
        continue;
      }
      const colon = line.indexOf(':');
      if (colon === 0) continue; // A heartbeat.
      const field = colon < 0 ? line : line.slice(0, colon);
      const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
      if (field === 'id') this.id = value;
      if (field === 'event') this.event = value;
      if (field === 'data') this.data.push(value);
    }
    return found;
  }
}

export const backoff = (attempt: number, chance = Math.random()): number => Math.min(30_000, 500 * 2 ** attempt) * (0.5 + chance / 2);
const silence = 40_000; // The agent says something every 15 s: after this long the line is dead.

let running: AbortController | undefined;
let channel: BroadcastChannel | undefined;

export interface StreamEnds {
  ended(): void; // The agent says that the session is over.
}

export function listen(ends: StreamEnds): void {
  stopListening();
  const control = new AbortController();
  running = control;
  channel = new BroadcastChannel('schakel-live');
  channel.onmessage = (message: MessageEvent<Change>) => tell(message.data);
  const lead = (): Promise<void> => follow(control.signal, ends);
  if (navigator.locks) {
    navigator.locks.request('schakel-live', { signal: control.signal }, lead).catch(() => {});
  } else {
    void lead();
  }
}
export function stopListening(): void {
  running?.abort();
  channel?.close();
  running = channel = undefined;
}

async function follow(signal: AbortSignal, ends: StreamEnds): Promise<void> {
  let last = '';
  let again = false;
  for (let attempt = 0; !signal.aborted; ) {
    const line = new AbortController();
    const cut = (): void => line.abort();
    signal.addEventListener('abort', cut);
    let watch: ReturnType<typeof setTimeout> | undefined;
    const heard = (): void => {
      clearTimeout(watch);
      watch = setTimeout(cut, silence);
    };
    try {
      heard();
      const headers: Record<string, string> = { Accept: 'text/event-stream' };
      if (last) headers['Last-Event-ID'] = last;
      const response = await fetch('/v1/events', { headers, credentials: 'same-origin', cache: 'no-store', signal: line.signal });
      if (response.status === 401) {
        ends.ended();
        return;
      }
      if (!response.ok || !response.body) throw new Error('no stream');
      noteReached(true);
      attempt = 0;
      // Between two lines something may have changed that no id of ours leads back to; before the first, what was asked for before it.
      if (!last) pass(again ? everything : { ...everything, what: 'begun' });
      again = true;
      const reader = new EventReader();
      const decoder = new TextDecoder();
      const body = response.body.getReader();
      for (;;) {
        const { done, value } = await body.read();
        if (done) break;
        heard();
        for (const event of reader.feed(decoder.decode(value, { stream: true }))) {
          if (event.id) last = event.id;
          if (event.event === 'lost') last = '';
          pass({ ...everything, ...(JSON.parse(event.data) as Partial<Change>) });
        }
      }
    } catch {
      if (!signal.aborted && !line.signal.aborted) noteReached(false);
    } finally {
      clearTimeout(watch);
      signal.removeEventListener('abort', cut);
    }
    if (signal.aborted) return;
    // The stream ends with the session, and when it was too slow: the first question after it says which.
    await new Promise((done) => setTimeout(done, backoff(attempt++)));
  }
}
function pass(change: Change): void {
  tell(change);
  channel?.postMessage(change);
}
export const passForTest = pass;
