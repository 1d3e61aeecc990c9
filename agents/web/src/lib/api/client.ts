// The one way to the agent. Types come from the API's document (schema.ts): a path, parameter or field that it does not
// know does not compile.
//
//   const { data } = await api.get('/v1/trajectories/{trajectory}', { path: { trajectory: id } });
//   await api.send('/v1/consultations', { body, key });      // once, also when the line breaks: Idempotency-Key
//   await api.post('/v1/inbox/seen', { body: { position } }); // what may happen twice
//
// Errors are thrown as Problem. What is read may be asked again after a broken line, and is; what is sent too, but only
// under a key.
import { asProblem, Problem, problemOf } from './problem';
import type { Routes, Schemas } from './schema';

export type { Schemas } from './schema';
type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';
type PathOf<M extends Method> = { [R in keyof Routes]: R extends `${M} ${infer P}` ? P : never }[keyof Routes];
type RouteOf<M extends Method, P extends string> = `${M} ${P}` extends keyof Routes ? Routes[`${M} ${P}`] : never;
type Once = { [P in PathOf<'POST'>]: RouteOf<'POST', P> extends { once: true } ? P : never }[PathOf<'POST'>];

// Present in the options where the route has it.
type Needs<K extends string, T> = [T] extends [undefined] ? { [N in K]?: undefined } : { [N in K]: T };
type Query<T> = [T] extends [undefined] ? { query?: undefined } : { query?: T };
type Common = { signal?: AbortSignal; reason?: ViewReason };
type GetOptions<R extends { path: unknown; query: unknown }> = Needs<'path', R['path']> & Query<R['query']> & Common & { etag?: string };
type PostOptions<R extends { path: unknown; query: unknown; body: unknown }> = Needs<'path', R['path']> &
  Query<R['query']> &
  Needs<'body', R['body']> &
  Common & { wait?: number; ifMatch?: string };

export type GetPath = PathOf<'GET'>;
export type SendPath = Once;
export type AnswerTo<P extends GetPath> = RouteOf<'GET', P>['answer'];
export type BodyOf<P extends PathOf<'POST'>> = RouteOf<'POST', P>['body'];
export type ViewReason = 'task' | 'on-duty' | 'round-table' | 'audit' | 'subject-request' | 'other';
export type Sent = Schemas['Sent'];

export interface Answer<T> {
  data: T;
  etag: string; // Empty: none.
  status: number;
}
// The same as what is held already.
export interface Unchanged {
  unchanged: true;
}

// What a client tells of: the parts of the page that listen put themselves in here (session.svelte.ts, net.svelte.ts).
export interface Hooks {
  language(): string; // For Accept-Language.
  csrf(): string;
  signedOut(problem: Problem): void;
  reached(there: boolean): void; // Whether the agent answered.
  sent?(): void; // Something went out, or waits for that.
  reason?(): ViewReason | undefined; // Why they look, if they said so.
}

type AnyOptions = {
  path?: Record<string, string>;
  query?: Record<string, string | number | boolean | undefined>;
  body?: unknown;
  key?: string;
  etag?: string;
  ifMatch?: string;
  wait?: number;
  reason?: ViewReason;
  signal?: AbortSignal;
  bytes?: Blob;
  from?: number; // Of a file: without what came before.
};

export function urlOf(pattern: string, path: Record<string, string> = {}, query: AnyOptions['query'] = {}): string {
  const filled = pattern.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(path[name] ?? ''));
  const asked = Object.entries(query).filter((entry): entry is [string, string | number | boolean] => entry[1] !== undefined);
  if (asked.length === 0) return filled;
  return `${filled}?${asked.map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(String(value))}`).join('&')}`;
}

export const newKey = (): string => crypto.randomUUID();

const pauses = [400, 1600]; // Milliseconds before it is asked again.
const sleep = (ms: number, signal?: AbortSignal): Promise<void> =>
  new Promise((done, stop) => {
    const timer = setTimeout(done, ms);
    signal?.addEventListener('abort', () => {
      clearTimeout(timer);
      stop(new DOMException('stopped', 'AbortError'));
    });
  });

// What was asked for before this script was here (first.ts) answers once, if it went well; after that it is old.
async function early(url: string): Promise<Response | undefined> {
  const asked = window.schakelFirst?.asked;
  const answer = asked?.[url];
  if (answer) delete asked[url];
  const found = await answer?.catch(() => undefined);
  return found?.ok ? found : undefined;
}

export class Client {
  constructor(
    private readonly hooks: Hooks,
    private readonly base = '',
  ) {}

  get<P extends GetPath>(
    path: P,
    ...[options]: Record<string, never> extends GetOptions<RouteOf<'GET', P>> ? [GetOptions<RouteOf<'GET', P>>?] : [GetOptions<RouteOf<'GET', P>>]
  ): Promise<Answer<AnswerTo<P>>> {
    const { etag: _, ...rest } = (options ?? {}) as AnyOptions;
    return this.ask('GET', path, rest, true) as Promise<Answer<AnswerTo<P>>>;
  }
  // Likewise, where something is held already: unchanged if it is still that.
  async look<P extends GetPath>(path: P, options: GetOptions<RouteOf<'GET', P>>): Promise<Answer<AnswerTo<P>> | Unchanged> {
    const answer = await this.ask('GET', path, options as AnyOptions, true);
    return answer.status === 304 ? { unchanged: true } : (answer as Answer<AnswerTo<P>>);
  }
  // What reaches others, or must not happen twice. The same `key` with the same body happens once.
  send<P extends SendPath>(path: P, options: PostOptions<RouteOf<'POST', P>> & { key: string }): Promise<Answer<RouteOf<'POST', P>['answer']>> {
    return this.ask('POST', path, options as AnyOptions, true).finally(() => this.hooks.sent?.()) as Promise<Answer<RouteOf<'POST', P>['answer']>>;
  }
  // Whatever may be repeated by a person alone. Previews too: they send nothing.
  post<P extends PathOf<'POST'>>(path: P, options: PostOptions<RouteOf<'POST', P>>): Promise<Answer<RouteOf<'POST', P>['answer']>> {
    return this.ask('POST', path, options as AnyOptions, false) as Promise<Answer<RouteOf<'POST', P>['answer']>>;
  }
  remove<P extends PathOf<'DELETE'>>(path: P, options: Needs<'path', RouteOf<'DELETE', P>['path']> & Common): Promise<Answer<RouteOf<'DELETE', P>['answer']>> {
    return this.ask('DELETE', path, options as AnyOptions, false) as Promise<Answer<RouteOf<'DELETE', P>['answer']>>;
  }
  put<P extends PathOf<'PUT'>>(
    path: P,
    options: Needs<'path', RouteOf<'PUT', P>['path']> & Query<RouteOf<'PUT', P>['query']> & Common & { bytes: Blob },
  ): Promise<Answer<RouteOf<'PUT', P>['answer']>> {
    return this.ask('PUT', path, options as AnyOptions, false) as Promise<Answer<RouteOf<'PUT', P>['answer']>>;
  }
  // Page after page of a list, at most `pages`. `pick` says which field the list is.
  async all<P extends GetPath, T>(path: P, options: GetOptions<RouteOf<'GET', P>>, pick: (answer: AnswerTo<P>) => T[], pages = 25): Promise<T[]> {
    const items: T[] = [];
    let cursor: string | undefined;
    for (let page = 0; page < pages; page++) {
      const given = options as AnyOptions;
      const { data } = await this.ask('GET', path, { ...given, query: { ...given.query, cursor } }, true);
      items.push(...pick(data as AnswerTo<P>));
      cursor = (data as { next?: string | null }).next ?? undefined;
      if (cursor === undefined) break;
    }
    return items;
  }
  // A file or a page that the agent made, as it is. Its view was logged when it came.
  async raw(path: GetPath, options: AnyOptions & { accept?: string } = {}): Promise<Response> {
    const response = await this.fetch('GET', path, options, options.accept ?? '*/*');
    if (!response.ok) throw this.noted(await problemOf(response));
    return response;
  }

  private noted(problem: Problem): Problem {
    if (problem.signedOut) this.hooks.signedOut(problem);
    return problem;
  }

  private async fetch(method: Method, pattern: string, options: AnyOptions, accept = 'application/json'): Promise<Response> {
    const headers: Record<string, string> = { Accept: accept, 'Accept-Language': this.hooks.language() };
    if (options.etag) headers['If-None-Match'] = options.etag;
    if (options.ifMatch) headers['If-Match'] = options.ifMatch;
    const reason = options.reason ?? this.hooks.reason?.();
    if (reason) headers['Schakel-Reason'] = reason;
    if (options.from) headers.Range = `bytes=${options.from}-`;
    if (options.key) headers['Idempotency-Key'] = options.key;
    if (options.wait) headers.Prefer = `wait=${options.wait}`;
    if (method !== 'GET') headers['Schakel-CSRF'] = this.hooks.csrf();
    let body: BodyInit | undefined;
    if (options.bytes) {
      headers['Content-Type'] = 'application/octet-stream';
      body = options.bytes;
    } else if (method === 'POST') {
      headers['Content-Type'] = 'application/json';
      body = JSON.stringify(options.body ?? {});
    }
    try {
      const init: RequestInit = { method, headers, credentials: 'same-origin', cache: 'no-store', redirect: 'error', referrerPolicy: 'no-referrer' };
      if (body !== undefined) init.body = body;
      if (options.signal) init.signal = options.signal;
      const url = this.base + urlOf(pattern, options.path, options.query);
      const response = (method === 'GET' && (await early(url))) || (await fetch(url, init));
      this.hooks.reached(true);
      return response;
    } catch (error) {
      const problem = asProblem(error);
      if (problem.rule === 'page.offline') this.hooks.reached(false);
      throw problem;
    }
  }

  private async ask(method: Method, pattern: string, options: AnyOptions, repeats: boolean): Promise<Answer<unknown>> {
    for (let attempt = 0; ; attempt++) {
      try {
        const response = await this.fetch(method, pattern, options);
        if (response.status === 304) return { data: undefined, etag: options.etag ?? '', status: 304 };
        if (!response.ok) throw await problemOf(response);
        return { data: response.status === 204 ? undefined : await response.json(), etag: response.headers.get('ETag') ?? '', status: response.status };
      } catch (error) {
        const problem = asProblem(error);
        const again = repeats && (problem.rule === 'page.offline' || problem.status === 502 || problem.status === 504);
        const pause = pauses[attempt];
        if (!again || pause === undefined || options.signal?.aborted) throw this.noted(problem);
        await sleep(pause, options.signal);
      }
    }
  }
}
