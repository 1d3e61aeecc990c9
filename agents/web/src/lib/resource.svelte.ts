// What a page shows from the agent, kept fresh while it is shown and dropped with it. In a component:
//
//   const inbox = resource((signal, etag) => api.look('/v1/inbox', { signal, etag }), { on: () => true });
//   {#if inbox.data} ... {:else if inbox.problem} ... {:else} <Skeleton /> {/if}
//
// `on` says which changes make it stale. What it may no longer show (withdrawn, erased, another session) goes at once.
import { untrack } from 'svelte';
import { asProblem, type Answer, type Problem, type Unchanged } from './api';
import { onChange, type Change } from './live';

export interface Resource<T> {
  readonly data: T | null;
  readonly problem: Problem | null;
  readonly loading: boolean;
  reload(): Promise<void>;
}

const settle = 600; // Milliseconds: several records that come together are one change.

export function resource<T>(
  read: (signal: AbortSignal, etag: string | undefined) => Promise<Answer<T> | Unchanged> | null, // Null: nothing to read (yet).
  options: { on?: (change: Change) => boolean } = {},
): Resource<T> {
  let data = $state.raw<T | null>(null);
  let problem = $state.raw<Problem | null>(null);
  let loading = $state(true);
  let etag: string | undefined;
  let control: AbortController | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;

  async function load(): Promise<void> {
    control?.abort();
    const own = (control = new AbortController());
    const asked = read(own.signal, untrack(() => data) === null ? undefined : etag);
    loading = asked !== null;
    if (asked === null) return;
    try {
      const answer = await asked;
      if (own.signal.aborted) return;
      if (!('unchanged' in answer)) {
        data = answer.data;
        etag = answer.etag;
      }
      problem = null;
    } catch (error) {
      if (own.signal.aborted) return;
      problem = asProblem(error);
      if (problem.gone) {
        data = null;
        etag = undefined;
      }
    }
    loading = false;
  }
  function stale(change: Change): void {
    if (change.what !== 'lost' && !(options.on?.(change) ?? false)) return;
    clearTimeout(timer);
    // What is taken back does not wait for what else comes.
    const taken = change.what === 'withheld' || change.what === 'sealed' || change.what === 'erased';
    timer = setTimeout(load, taken ? 0 : settle);
  }

  $effect(() => {
    void load(); // Again when what `read` reads of the component changes, e.g. the id in the address.
    return () => {
      control?.abort();
      data = null; // Of another id, or of a page that is left.
      etag = undefined;
    };
  });
  $effect(() => {
    const stop = onChange(stale);
    const back = (): void => void load();
    window.addEventListener('schakel:back', back);
    return () => {
      stop();
      clearTimeout(timer);
      window.removeEventListener('schakel:back', back);
    };
  });

  return {
    get data() {
      return data;
    },
    get problem() {
      return problem;
    },
    get loading() {
      return loading;
    },
    reload: load,
  };
}

// What comes in parts and is read whole, so that it has no ETag.
export const wholly = <T>(read: (signal: AbortSignal) => Promise<T> | null, options: { on?: (change: Change) => boolean } = {}): Resource<T> =>
  resource((signal) => read(signal)?.then((data) => ({ data, etag: '', status: 200 })) ?? null, options);
