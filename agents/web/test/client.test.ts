import { beforeEach, expect, test, vi } from 'vitest';
import { Client, urlOf, type Problem } from '../src/lib/api';

const hooks = { language: () => 'nl', csrf: () => 'the-csrf', signedOut: vi.fn(), reached: vi.fn() };
const client = new Client(hooks);
let calls: { url: string; init: RequestInit }[] = [];
function answers(...some: (Response | Error)[]): void {
  calls = [];
  vi.stubGlobal('fetch', async (url: string, init: RequestInit) => {
    calls.push({ url, init });
    const next = some[Math.min(calls.length, some.length) - 1]!;
    if (!(next instanceof Response)) throw next;
    return next.clone();
  });
}
const json = (status: number, body: unknown, headers: Record<string, string> = {}): Response => new Response(JSON.stringify(body), { status, headers });
const header = (name: string, call = 0): string | undefined => (calls[call]!.init.headers as Record<string, string>)[name];
const broken = new TypeError('line broke');
beforeEach(() => {
  hooks.signedOut.mockClear();
  hooks.reached.mockClear();
  vi.useFakeTimers({ shouldAdvanceTime: true, advanceTimeDelta: 500 });
});

test('addresses are filled in and encoded', () => {
  expect(urlOf('/v1/people/{person}/passes', { person: 'a/b ü' }, { limit: 20, cursor: undefined, from: '1&2' })).toBe('/v1/people/a%2Fb%20%C3%BC/passes?limit=20&from=1%262');
});
test('what is read is asked for in the language of the page, and never kept by the browser', async () => {
  answers(json(200, { items: [], next: null }, { ETag: '"x"' }));
  const answer = await client.get('/v1/inbox');
  expect(answer.etag).toBe('"x"');
  expect(header('Accept-Language')).toBe('nl');
  expect(header('Schakel-CSRF')).toBeUndefined();
  expect(calls[0]!.init).toMatchObject({ cache: 'no-store', credentials: 'same-origin', redirect: 'error' });
});
test('what was asked for before the script was here answers once, and only if it went well', async () => {
  answers(json(200, { items: ['new'], next: null }));
  const asked = { '/v1/inbox': Promise.resolve(json(200, { items: ['early'], next: null })), '/v1/follows': Promise.resolve(json(401, {})), '/v1/tables': Promise.reject(broken) };
  window.schakelFirst = { language: 'nl', words: Promise.resolve(json(200, {})), asked };
  expect((await client.get('/v1/inbox')).data.items).toEqual(['early']);
  expect(calls).toHaveLength(0);
  for (const path of ['/v1/inbox', '/v1/follows', '/v1/tables'] as const) await client.get(path);
  expect(calls.map((one) => one.url)).toEqual(['/v1/inbox', '/v1/follows', '/v1/tables']);
  delete window.schakelFirst;
});
test('what is the same is said to be', async () => {
  answers(new Response(null, { status: 304 }));
  expect(await client.look('/v1/inbox', { etag: '"x"' })).toEqual({ unchanged: true });
  expect(header('If-None-Match')).toBe('"x"');
});
test('what is sent goes under one key, again after a broken line, and proves the session', async () => {
  answers(broken, json(201, { record: 'r' }));
  await client.send('/v1/trajectories', { body: { label: 'x' }, key: 'k1', wait: 5 });
  expect(calls).toHaveLength(2);
  for (const i of [0, 1]) {
    expect(header('Idempotency-Key', i)).toBe('k1');
    expect(header('Schakel-CSRF', i)).toBe('the-csrf');
    expect(header('Prefer', i)).toBe('wait=5');
    expect(calls[i]!.init.body).toBe('{"label":"x"}');
  }
});
test('what has no key is not sent twice', async () => {
  answers(broken);
  await expect(client.post('/v1/inbox/seen', { body: { position: 3 } })).rejects.toMatchObject({ rule: 'page.offline', offline: true });
  expect(calls).toHaveLength(1);
  expect(hooks.reached).toHaveBeenLastCalledWith(false);
});
test('reading gives up after a while, with what stands for no answer', async () => {
  answers(broken);
  await expect(client.get('/v1/inbox')).rejects.toMatchObject({ rule: 'page.offline' });
  expect(calls).toHaveLength(3);
});
test('what goes wrong comes with its rule, field and words, and is not asked again', async () => {
  answers(json(409, { rule: 'sending.unreached', title: 'Niet iedereen', next: 'Laat weg', field: 'to' }, { 'Content-Language': 'nl' }));
  const problem = (await client.get('/v1/inbox').catch((thrown: unknown) => thrown)) as Problem;
  expect(problem).toMatchObject({ status: 409, rule: 'sending.unreached', field: 'to', title: 'Niet iedereen', language: 'nl', heldBack: true, signedOut: false });
  expect(problem.message).not.toContain('Niet iedereen');
  expect(calls).toHaveLength(1);
});
test('a lock-out says how long', async () => {
  answers(json(429, { rule: 'login.wait', title: 'Te vaak', next: 'Wacht' }, { 'Retry-After': '40' }));
  await expect(client.post('/v1/login', { body: { login: 'a', password: 'b', code: 'c' } })).rejects.toMatchObject({ retryAfter: 40 });
});
test('an answer that is no answer of the agent is said to be that', async () => {
  answers(new Response('<html>gateway</html>', { status: 500 }));
  await expect(client.get('/v1/status')).rejects.toMatchObject({ rule: 'page.broken', status: 500 });
});
test('a session that is over is told of; a wrong password is not that', async () => {
  answers(json(401, { rule: 'session.none' }));
  await expect(client.get('/v1/inbox')).rejects.toMatchObject({ signedOut: true });
  expect(hooks.signedOut).toHaveBeenCalledTimes(1);
  answers(json(401, { rule: 'login.refused' }));
  await expect(client.post('/v1/login', { body: { login: 'a', password: 'b', code: 'c' } })).rejects.toMatchObject({ signedOut: false });
  expect(hooks.signedOut).toHaveBeenCalledTimes(1);
});
test('lists come page after page', async () => {
  answers(json(200, { trajectories: [1, 2], next: 'b' }), json(200, { trajectories: [3], next: null }));
  const all = await client.all('/v1/trajectories', { query: { limit: 2 } }, (answer) => answer.trajectories as unknown as number[]);
  expect(all).toEqual([1, 2, 3]);
  expect(calls.map((call) => call.url)).toEqual(['/v1/trajectories?limit=2', '/v1/trajectories?limit=2&cursor=b']);
});
test('who stops waiting is not told of a broken line', async () => {
  answers(new DOMException('stopped', 'AbortError'));
  await expect(client.get('/v1/inbox', { signal: AbortSignal.abort() })).rejects.toMatchObject({ rule: 'page.stopped' });
  expect(hooks.reached).not.toHaveBeenCalledWith(false);
});
