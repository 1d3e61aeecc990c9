// Writes src/lib/api/schema.ts from the API's own document, so that a page that asks for what is not there does not
// compile. Runs before build, check and test; its result is not kept in the repository.
//   node scripts/api-types.mjs [openapi.json]
import { readFileSync, writeFileSync, existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const document = JSON.parse(readFileSync(process.argv[2] ?? join(here, '../../api/openapi.json'), 'utf8'));

const nameOf = (ref) => ref.split('/').at(-1);
const key = (name) => (/^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name));

// What is answered is said to be there where the document requires it, and everywhere in objects without a list of
// what is required: the agent always answers those whole. What is asked may leave out all that is not required.
function typeOf(schema, asked = false) {
  if (!schema) return 'unknown';
  if (schema.$ref) return `Schemas[${JSON.stringify(nameOf(schema.$ref))}]`;
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(' | ');
  // A body is read by its type (bodies.ts): here it is open.
  if (schema.properties?.type && schema.description?.startsWith('By its type')) return simple('object', schema, asked);
  if (schema.oneOf || schema.anyOf) return (schema.oneOf ?? schema.anyOf).map((one) => typeOf(one, asked)).join(' | ');
  if (schema.allOf) return schema.allOf.map((one) => `(${typeOf(one, asked)})`).join(' & ');
  const types = Array.isArray(schema.type) ? schema.type : [schema.type];
  return types.map((type) => simple(type, schema, asked)).join(' | ');
}

function simple(type, schema, asked) {
  switch (type) {
    case 'string':
      return 'string';
    case 'integer':
    case 'number':
      return 'number';
    case 'boolean':
      return 'boolean';
    case 'null':
      return 'null';
    case 'array':
      return `Array<${typeOf(schema.items, asked)}>`;
    case 'object': {
      const properties = Object.entries(schema.properties ?? {});
      if (properties.length === 0) return asked ? 'Record<string, never>' : 'Record<string, unknown>';
      const required = schema.required;
      const open = schema.properties.type && schema.description?.startsWith('By its type') ? ' & Record<string, unknown>' : '';
      return `{ ${properties
        .map(([name, value]) => {
          const there = required ? required.includes(name) : !asked;
          return `${key(name)}${there ? '' : '?'}: ${typeOf(value, asked)}`;
        })
        .join('; ')} }${open}`;
    }
    default:
      return 'unknown';
  }
}

const parameters = document.components.parameters;
const resolve = (parameter) => (parameter.$ref ? parameters[nameOf(parameter.$ref)] : parameter);
const jsonOf = (content) => content?.['application/json']?.schema;

const lines = ['// Made from agents/api/openapi.json by scripts/api-types.mjs.', 'export interface Schemas {'];
for (const [name, schema] of Object.entries(document.components.schemas)) lines.push(`  ${key(name)}: ${typeOf(schema)};`);
lines.push('}', 'export interface Routes {');
for (const [path, methods] of Object.entries(document.paths)) {
  for (const [method, operation] of Object.entries(methods)) {
    if (!operation.responses) continue;
    const all = [...(methods.parameters ?? []), ...(operation.parameters ?? [])].map(resolve);
    const fields = (where) => {
      const some = all.filter((parameter) => parameter.in === where);
      if (some.length === 0) return 'undefined';
      return `{ ${some.map((one) => `${key(one.name)}${where === 'path' || one.required ? '' : '?'}: ${typeOf(one.schema)}`).join('; ')} }`;
    };
    const answers = Object.entries(operation.responses)
      .filter(([status]) => status.startsWith('2'))
      .map(([, response]) => jsonOf(response.content))
      .filter(Boolean)
      .map((schema) => typeOf(schema));
    const body = jsonOf(operation.requestBody?.content);
    lines.push(
      `  ${JSON.stringify(`${method.toUpperCase()} ${path}`)}: { path: ${fields('path')}; query: ${fields('query')}; ` +
        `body: ${body ? typeOf(body, true) : 'undefined'}; answer: ${[...new Set(answers)].join(' | ') || 'unknown'}; ` +
        `once: ${all.some((one) => one.name === 'Idempotency-Key')} };`,
    );
  }
}
lines.push('}', '');
const output = join(here, '../src/lib/api/schema.ts');
const text = lines.join('\n');
if (!existsSync(output) || readFileSync(output, 'utf8') !== text) writeFileSync(output, text);
