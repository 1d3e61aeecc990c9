// Everything that the API can do for the people of an organisation can be done on the page: each operation is used, or stands
// here with the reason why it is not.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { repository } from './repository';

const left: Record<string, string> = {
  'GET /v1/ceilings': 'GET /v1/profiles has the same ceilings, as signed, each with the sector that it is of',
  'GET /v1/grants': 'grants are shown where they hold, at their trajectory; what ends soon stands in the inbox',
  'GET /v1/grants/{grant}': 'its evidence is read as the record that it is, GET /v1/records/{record}',
  'GET /v1/oidc/callback': 'where the provider sends the browser back to',
  'GET /v1/openapi.json': 'for programs',
  'GET /v1/trajectories/{trajectory}/accesses': 'GET /v1/audit answers the same question, in pages',
  'GET /v1/trajectories/{trajectory}/evidence': 'GET /v1/audit has the evidence of the very answer that it shows',
  'POST /v1/commitments/{commitment}/handover': 'the copy for the court is handed over as the plan that it is: POST /v1/court-plans/{plan}/handover',
  'POST /v1/people/{person}/tokens': 'on the socket alone: nobody is given a token in another one’s name over the network',
};

const document = JSON.parse(readFileSync(repository('agents/api/openapi.json'), 'utf8')) as { paths: Record<string, object> };
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.keys(methods).filter((method) => /^(get|post|put|delete)$/.test(method)).map((method) => `${method.toUpperCase()} ${path}`),
);
const source = join(import.meta.dirname, '../src');
const code = readdirSync(source, { recursive: true, encoding: 'utf8' })
  .filter((file) => /\.(svelte|ts)$/.test(file) && !file.endsWith('schema.ts'))
  .map((file) => readFileSync(join(source, file), 'utf8'))
  .join('\n');

// What is described as data: "read": "/v1/…", "send": "POST /v1/…", "find": "/v1/… rows". What a place in a path is called is its own.
const plain = (path: string): string => path.replace(/\{\w+\}/g, '{}');
const described = new Set<string>();
for (const file of readdirSync(join(source, 'sheets'))) {
  const text = readFileSync(join(source, 'sheets', file), 'utf8');
  for (const [, path] of text.matchAll(/"(?:read|find)": "([^" ?]+)/g)) described.add(`GET ${plain(path!)}`);
  for (const [, send] of text.matchAll(/"send": "([^"]+)"/g)) described.add(plain(send!));
}

// How each method is called: by the client, as an act, or, where there is no client yet, by the browser itself.
const calls: Record<string, string> = { GET: 'get|look|all|raw', POST: 'post|send', PUT: 'put', DELETE: 'remove' };
const named = (path: string): string => path.replace(/[{}./]/g, '\\$&');
function isUsed(operation: string): boolean {
  const [method, path] = operation.split(' ') as [string, string];
  if (described.has(`${method} ${plain(path)}`)) return true;
  const called = new RegExp(`\\.(${calls[method]})(<[^(]*>)?\\(\\s*['"\`]${named(path)}['"\`]`);
  // An act, which is sent, or a file to keep.
  const said = new RegExp(method === 'POST' ? `(outgoing\\(\\s*|path: )'${named(path)}'(, at|, \\{)` : `path: '${named(path)}', accept`);
  const alone = new RegExp(`(fetch|EventSource|assign|url|href)[^\\n]{0,60}${named(path)}`);
  return called.test(code) || said.test(code) || alone.test(code);
}

test('there are operations to look for', () => expect(operations.length).toBeGreaterThan(100));
test.each(operations.filter((one) => !(one in left)))('%s is used', (operation) => {
  expect(isUsed(operation), operation).toBe(true);
});
test('what is left out is there, and is not used after all', () => {
  for (const [operation, why] of Object.entries(left)) {
    expect(operations, operation).toContain(operation);
    expect(isUsed(operation), operation).toBe(false);
    expect(why.length).toBeGreaterThan(10);
  }
});
