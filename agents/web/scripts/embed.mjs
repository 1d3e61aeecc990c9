// Writes a C++ source that carries every file of a built page, as it is and compressed: EmbeddedWebFiles().
//   node scripts/embed.mjs DIST OUTPUT
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { extname, join, relative, resolve, sep } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const [dist, output] = process.argv.slice(2).map((path) => resolve(path));
const types = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.json': 'application/json',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.txt': 'text/plain; charset=utf-8',
};
const script = new Map(); // Bytes, compressed, by file.
const limit = 150_000; // Of all that one person's browser can ever fetch, compressed.

const files = readdirSync(dist, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => relative(dist, join(entry.parentPath ?? entry.path, entry.name)).split(sep).join('/'))
  .sort();
if (!files.includes('index.html')) throw new Error(`no index.html in ${dist}`);
mkdirSync(output, { recursive: true });

const assembly = [];
const symbols = [];
const rows = [];
const carry = (name, path, size) => {
  assembly.push(`.hidden ${name}`, `.globl ${name}`, `${name}: .incbin "${path}"`);
  symbols.push(`extern const char ${name}[];`);
  return `{${name}, ${size}}`;
};
files.forEach((file, i) => {
  const type = types[extname(file)];
  if (!type) throw new Error(`${file}: of what type is it? add it to scripts/embed.mjs`);
  const path = join(dist, file);
  const bytes = readFileSync(path);
  // Without a time in it, so that the same page is the same bytes.
  const gzip = gzipSync(bytes, { level: 9 });
  const brotli = brotliCompressSync(bytes, {
    params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
  });
  const packed = (kind, form) => {
    if (form.length >= bytes.length * 0.95) return '{}';
    const name = join(output, `${i}.${kind}`);
    writeFileSync(name, form);
    return carry(`schakel_web_${i}_${kind}`, name, form.length);
  };
  const compressed = `${packed('gzip', gzip)}, ${packed('brotli', brotli)}`;
  // The words are data, of which one language is fetched; they are not script.
  if (extname(file) === '.js') script.set(file, Math.min(brotli.length, bytes.length));
  rows.push(`    {"${file}", "${type}", ${carry(`schakel_web_${i}`, path, bytes.length)}, ${compressed}},`);
});
// What whoever comes in must fetch, by what each file takes in at its beginning: not what is for later, nor for others.
const named = (name) => files.filter((file) => new RegExp(`^assets/${name}-[\\w-]+\\.js$`).test(file));
function fetched(file, seen = new Set()) {
  if (seen.has(file)) return seen;
  seen.add(file);
  const words = readFileSync(join(dist, file), 'utf8');
  for (const [, other] of words.matchAll(/(?:from|import)\s*["']\.\/([\w.-]+\.js)["']/g)) fetched(`assets/${other}`, seen);
  return seen;
}
for (const [start, kept] of [['index', ['work', 'guest', 'further']], ['guest', ['work', 'further']], ['work', ['guest', 'further']]]) {
  if (named(start).length === 0) throw new Error(`no file ${start}: do the groups of vite.config.ts have other names?`);
  const too = named(start).flatMap((file) => [...fetched(file)]).filter((file) => kept.some((name) => named(name).includes(file)));
  if (too.length > 0) throw new Error(`${start} fetches ${too.join(', ')}, which is for later: let what they share be in parts (vite.config.ts)`);
}

// Staff fetch what guests never do, and guests what is theirs.
const ofGuests = new Set([...named('index'), ...named('guest')].flatMap((file) => [...fetched(file)]));
const ofStaff = files.filter((file) => script.has(file) && !named('guest').includes(file));
for (const [whose, those] of [['staff', ofStaff], ['guests', [...ofGuests]]]) {
  const bytes = those.reduce((sum, file) => sum + script.get(file), 0);
  if (bytes > limit) throw new Error(`the page of ${whose} has ${bytes} bytes of script, compressed; at most ${limit}`);
  console.log(`script of ${whose}: ${bytes} bytes, compressed, of ${limit}`);
}

writeFileSync(
  join(output, 'web_files.cc'),
  `// Made by agents/web/scripts/embed.mjs.
#include "agents/web_files.h"

asm(R"(
.pushsection .rodata
${assembly.join('\n')}
.popsection
)");

extern "C" {
${symbols.join('\n')}
}

namespace schakel {
namespace {
const WebFile kFiles[] = {
${rows.join('\n')}
};
}  // namespace
std::span<const WebFile> EmbeddedWebFiles() { return kFiles; }
}  // namespace schakel
`,
);
