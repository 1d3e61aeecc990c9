// A list that comes page after page, of which each page is a view of what it shows: so the next is asked for when
// somebody wants it. `fits` keeps a part of it; then further pages are asked for until there is something to see.
//
//   const list = paged((cursor, signal) => …, { fits: (one) => …, of: () => [what it depends on], on: (change) => … });
import { untrack } from 'svelte';
import { asProblem, type Problem } from './api';
import { onChange, type Change } from './live';

interface Page<T> {
  rows: T[];
  next: string | null;
  enough?: boolean; // Whatever fits of it: the next page is asked for when somebody wants it.
}
interface Options<T> {
  fits?: (row: T) => boolean;
  of?: () => unknown; // When this changes, it is another list.
  on?: (change: Change) => boolean; // What makes it stale; what is taken back is taken off at once.
  seed?: Page<T>; // What one came back to: not asked, nor viewed, again.
}
const enough = 20;

export class Paged<T> {
  rows = $state.raw<T[]>([]);
  next = $state<string | null>(null);
  loading = $state(true);
  problem = $state.raw<Problem | null>(null);
  fresh = $state(false); // Something changed since.
  private control: AbortController | undefined;

  constructor(
    private readonly read: (cursor: string | undefined, signal: AbortSignal) => Promise<Page<T>> | null, // Null: nothing to ask (yet).
    private readonly options: Options<T>,
  ) {
    let { seed } = options;
    $effect(() => {
      options.of?.();
      untrack(() => {
        if (!seed) return void this.load();
        ({ rows: this.rows, next: this.next } = seed);
        this.loading = false;
        seed = undefined;
      });
      return () => this.control?.abort();
    });
    $effect(() =>
      onChange((change) => {
        if (change.what === 'withheld' || change.what === 'sealed' || change.what === 'erased') void this.load();
        else if (change.what === 'lost' || options.on?.(change)) this.fresh = true;
      }),
    );
  }
  get shown(): T[] {
    return this.options.fits ? this.rows.filter(this.options.fits) : this.rows;
  }

  load = async (): Promise<void> => {
    this.rows = [];
    this.next = null;
    this.fresh = false;
    await this.more();
  };
  more = async (): Promise<void> => {
    this.control?.abort();
    const own = (this.control = new AbortController());
    this.loading = true;
    this.problem = null;
    try {
      const before = this.shown.length;
      for (let pages = 0; pages < 8; pages++) {
        const asked = this.read(this.next ?? undefined, own.signal);
        if (!asked) break;
        const page = await asked;
        if (own.signal.aborted) return;
        this.rows = [...this.rows, ...page.rows];
        this.next = page.next;
        if (page.next === null || page.enough || this.shown.length - before >= enough || !this.options.fits) break;
      }
    } catch (thrown) {
      if (own.signal.aborted) return;
      const problem = asProblem(thrown);
      if (problem.rule === 'page.cursor' && this.next !== null) return this.load(); // The list moved on under us.
      this.problem = problem;
      if (problem.gone) this.rows = [];
    }
    this.loading = false;
  };
}
export const paged = <T>(read: ConstructorParameters<typeof Paged<T>>[0], options: Options<T> = {}): Paged<T> => new Paged<T>(read, options);
