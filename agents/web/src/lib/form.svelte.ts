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
import { t } from './i18n.svelte';
import { toast } from './toasts.svelte';

type Errors = Record<string, string>;
interface Options<V extends object, R> {
  draft?: string; // The name under which it is kept; left out: nothing is.
  initial: V;
  check: (values: V) => Errors; // What this page can tell by itself; empty: nothing.
  send: (values: V, key: string) => Promise<R>;
  done: (result: R, values: V) => void;
  field?: (problem: Problem) => string; // Which of our fields the agent's field is; empty: none.
}

// The first field that is wrong gets the focus, once it says so; whether there is one.
export async function focusWrong(form: unknown): Promise<boolean> {
  await tick();
  const found = (form as HTMLElement | undefined)?.querySelector<HTMLElement>('[aria-invalid="true"], [data-invalid]');
  (found?.matches('fieldset') ? found.querySelector<HTMLElement>('input') : found)?.focus();
  return !!found;
}

export class Form<V extends object, R = unknown> {
  values: V = $state() as V;
  errors = $state<Errors>({});
  problem = $state.raw<Problem | null>(null);
  busy = $state(false);
  restored = $state.raw<Date | null>(null); // When the draft that was put back was written.
  kept = $state(false); // What stands there now is kept.
  elsewhere = $state(false); // Another tab writes the same draft.
  element: HTMLFormElement | undefined = $state();

  private sent = '';
  private key = '';
  private begun = false;
  private written = ''; // What the draft holds, or is about to.
  private writing: Promise<void> | undefined;
  private channel: BroadcastChannel | undefined;

  constructor(private readonly options: Options<V, R>) {
    this.values = structuredClone(options.initial);
    if (!options.draft) return;
    const name = options.draft;
    void readDraft<V>(name).then((found) => {
      if (found && !this.touched) {
        this.values = { ...structuredClone(options.initial), ...found.value };
        this.restored = found.at;
        this.written = JSON.stringify(this.values);
      }
      this.begun = true;
      void this.keep();
    });
    this.written = this.empty;
    $effect(() => {
      if (JSON.stringify(this.values) !== this.written) void this.keep();
    });
    $effect(() => {
      const channel = (this.channel = new BroadcastChannel('schakel-form'));
      channel.onmessage = ({ data }) => (this.elsewhere ||= data === name);
      return () => {
        channel.close();
        this.channel = undefined;
      };
    });
  }

  // At once, since whoever leaves does not wait; what is typed meanwhile comes next. What was cleared is no draft.
  private keep(): Promise<void> {
    return (this.writing ??= this.keepAll().catch(() => {}).finally(() => (this.writing = undefined)));
  }
  private async keepAll(): Promise<void> {
    const { draft } = this.options;
    for (let text = ''; draft && this.begun && (text = JSON.stringify(this.values)) !== this.written; ) {
      this.written = text;
      this.kept = text === this.empty ? (await dropDraft(draft), false) : await writeDraft(draft, JSON.parse(text));
      this.channel?.postMessage(draft);
    }
  }

  private get empty(): string {
    return JSON.stringify(this.options.initial);
  }
  get touched(): boolean {
    return JSON.stringify(this.values) !== this.empty;
  }

  // With a way back.
  wipe = (): void => {
    const was = $state.snapshot(this.values) as V;
    void this.discard();
    toast(t('draft.wiped'), { tone: 'info', act: { label: t('tasks.undo'), run: () => ((this.values = was), void this.keep()) } });
  };
  async discard(): Promise<void> {
    this.values = structuredClone(this.options.initial);
    this.errors = {};
    this.problem = null;
    this.restored = null;
    this.begun = true;
    await this.keep();
  }

  submit = async (event?: Event): Promise<void> => {
    event?.preventDefault();
    if (this.busy) return;
    this.problem = null;
    const values = $state.snapshot(this.values) as V;
    this.errors = this.options.check(values);
    this.busy = true;
    // Also what a field itself says: a day that is none is no value, and would be left out.
    if ((await focusWrong(this.element)) || Object.values(this.errors).some(Boolean)) {
      this.busy = false;
      return;
    }
    const text = JSON.stringify(values);
    if (text !== this.sent) {
      this.sent = text;
      this.key = newKey();
    }
    try {
      const result = await this.options.send(values, this.key);
      this.begun = false; // Nothing of it is kept from here on.
      await this.writing;
      if (this.options.draft) await dropDraft(this.options.draft);
      this.options.done(result, values);
    } catch (error) {
      const problem = asProblem(error);
      // Too much of it: the longest is what there is too much of.
      const length = (name: string): number => String(values[name as keyof V]).length;
      const field = problem.rule === 'request.body_size' ? Object.keys(values).sort((one, other) => length(other) - length(one))[0] : (this.options.field?.(problem) ?? (problem.field in values ? problem.field : ''));
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
