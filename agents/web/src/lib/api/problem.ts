// What went wrong, in the agent's own words: nothing here is copied from its catalogues.
import { plain } from '../plainwords';
import type { Schemas } from './schema';

export type Finding = Schemas['Finding'];

// The rules that stand for what no agent answered; the page has words for these itself.
export type OwnRule = 'page.offline' | 'page.broken' | 'page.stopped';

export class Problem extends Error {
  readonly status: number; // 0: there was no answer.
  readonly rule: string;
  readonly field: string;
  readonly value: string; // That stood in the field, where the rule is about one of several.
  readonly title: string;
  readonly next: string;
  readonly language: string; // Of title and next, as the agent says; empty: they are ours to word.
  readonly retryAfter: number | null; // Seconds.
  readonly findings: Finding[];

  constructor(status: number, parts: Partial<Schemas['Problem']> & { rule: string }, language = '', retryAfter: number | null = null) {
    super(parts.rule); // Never the words: a message ends up in consoles.
    this.status = status;
    this.rule = parts.rule;
    this.field = parts.field ?? '';
    this.value = parts.value ?? '';
    this.title = parts.title ?? '';
    this.next = plain(parts.next ?? '');
    this.language = language;
    this.retryAfter = retryAfter;
    this.findings = parts.findings ?? [];
  }

  get offline(): boolean {
    return this.status === 0;
  }
  // The session is over: what stands on the page goes.
  get signedOut(): boolean {
    return this.status === 401 && (this.rule === 'session.none' || this.rule === 'guest.session');
  }
  // It is no longer for this person: what stands on the page of it goes.
  get gone(): boolean {
    return this.status === 403 || this.status === 404 || this.status === 410 || this.signedOut;
  }
  get heldBack(): boolean {
    return this.rule === 'sending.unreached';
  }
}

export async function problemOf(response: Response): Promise<Problem> {
  const retry = Number.parseInt(response.headers.get('Retry-After') ?? '', 10);
  const retryAfter = Number.isFinite(retry) ? retry : null;
  const language = response.headers.get('Content-Language') ?? '';
  try {
    const parts = (await response.json()) as Partial<Schemas['Problem']>;
    if (typeof parts.rule === 'string') return new Problem(response.status, { ...parts, rule: parts.rule }, language, retryAfter);
  } catch {
    // Not ours: something between the page and the agent answered.
  }
  return new Problem(response.status, { rule: 'page.broken' }, '', retryAfter);
}

export function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if ((error as { name?: string } | null)?.name === 'AbortError') return new Problem(0, { rule: 'page.stopped' });
  return new Problem(0, { rule: 'page.offline' });
}
