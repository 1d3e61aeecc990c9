// A form: values, errors at the field, a draft that survives, one sending. See pages/Ask.svelte, the model for all.
//
//   const form = new Form({ draft: 'consultation.new', initial: { question: '' }, check, send, done });
//   <form onsubmit={form.submit} novalidate> ... bind:value={form.values.question} error={form.errors.question}
//
// The key under which it is sent stays the same while what is sent does, so that pressing twice, or again after a broken
// line, sends once.
import { tick } from 'svelte';
import { asProblem, newKey, type Problem } from './api';
import { dropDraft, readDraft, writeDraft } from './drafts';

type Errors = Record<string, string>;
interface Options<V extends object, R> {
  draft?: string; // The name under which it is kept; left out: nothing is.
  initial: V;
  check: (values: V) => Errors; // What this page can tell by itself; empty: nothing.
  send: (values: V, key: string) => Promise<R>;
  done: (result: R, values: V) => void;
  field?: (problem: Problem) => string; // Which of our fields the agent's field is; empty: none.
}

// The first field that is wrong gets the focus, once it says so.
export async function focusWrong(form: unknown): Promise<void> {
  await tick();
  const found = (form as HTMLElement | undefined)?.querySelector<HTMLElement>('[aria-invalid="true"], [data-invalid]');
  (found?.matches('fieldset') ? found.querySelector<HTMLElement>('input') : found)?.focus();
}

export class Form<V extends object, R = unknown> {
  values: V = $state() as V;
  errors = $state<Errors>({});
  problem = $state.raw<Problem | null>(null);
  busy = $state(false);
  restored = $state.raw<Date | null>(null); // When the draft that was put back was written.
  kept = $state(false); // What stands there now is kept.
  element: HTMLFormElement | undefined = $state();

  private sent = '';
  private key = '';
  private timer: ReturnType<typeof setTimeout> | undefined;
  private begun = false;

  constructor(private readonly options: Options<V, R>) {
    this.values = structuredClone(options.initial);
    if (!options.draft) return;
    const name = options.draft;
    void readDraft<V>(name).then((found) => {
      if (found && !this.touched) {
        this.values = { ...structuredClone(options.initial), ...found.value };
        this.restored = found.at;
      }
      this.begun = true;
    });
    $effect(() => {
      const text = JSON.stringify(this.values);
      clearTimeout(this.timer);
      if (!this.begun || text === this.empty) return;
      this.kept = false;
      this.timer = setTimeout(async () => {
        this.kept = await writeDraft(name, JSON.parse(text));
      }, 500);
      return () => clearTimeout(this.timer);
    });
  }

  private get empty(): string {
    return JSON.stringify(this.options.initial);
  }
  get touched(): boolean {
    return JSON.stringify(this.values) !== this.empty;
  }

  async discard(): Promise<void> {
    clearTimeout(this.timer);
    this.values = structuredClone(this.options.initial);
    this.errors = {};
    this.problem = null;
    this.restored = null;
    this.kept = false;
    if (this.options.draft) await dropDraft(this.options.draft);
  }

  submit = async (event?: Event): Promise<void> => {
    event?.preventDefault();
    if (this.busy) return;
    this.problem = null;
    const values = $state.snapshot(this.values) as V;
    this.errors = this.options.check(values);
    if (Object.values(this.errors).some(Boolean)) {
      await focusWrong(this.element);
      return;
    }
    const text = JSON.stringify(values);
    if (text !== this.sent) {
      this.sent = text;
      this.key = newKey();
    }
    this.busy = true;
    try {
      const result = await this.options.send(values, this.key);
      clearTimeout(this.timer);
      this.begun = false; // Nothing of it is kept from here on.
      if (this.options.draft) await dropDraft(this.options.draft);
      this.options.done(result, values);
    } catch (error) {
      const problem = asProblem(error);
      const field = this.options.field?.(problem) ?? (problem.field in values ? problem.field : '');
      if (field) {
        this.errors = { [field]: [problem.title, problem.next].filter(Boolean).join(' ') };
        await focusWrong(this.element);
      } else {
        this.problem = problem;
      }
      // Refused outright: what comes next is another request. Without an answer it may have happened: the key stays.
      if (problem.status >= 400 && problem.status < 500) this.sent = '';
    } finally {
      this.busy = false;
    }
  };
}
