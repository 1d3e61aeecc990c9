import { readdirSync, readFileSync } from 'node:fs';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { minify } from 'terser';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';
import { askFirst, preferred } from './src/lib/first';
import { kept, languages } from './src/lib/languages';

// While one works on the page: `SCHAKEL_AGENT=https://localhost:8443 npm run dev`.
const agent = process.env.SCHAKEL_AGENT ?? 'https://localhost:8443';

// No page of ours is made on a server, so nothing of one is ever taken over: without that Svelte is some 2 kB smaller. Svelte
// guards all of it with one variable, which therefore never changes.
const neverHydrated: Plugin = {
  name: 'never-hydrated',
  apply: 'build',
  transform(code, id) {
    if (!/svelte\/src\/internal\/client\/dom\/hydration\.js$/.test(id)) return null;
    const constant = code.replace('export let hydrating = false;', 'export const hydrating = false;').replace(/^\s*hydrating = value;$/m, '');
    if (constant.length >= code.length || constant.includes('let hydrating')) throw new Error('svelte guards hydration otherwise than before: see vite.config.ts');
    return { code: constant, map: null };
  },
};

// Nor does a template of ours wait for a promise (Svelte's experimental.async, which is off): another 1 kB.
const neverAwaited: Plugin = {
  name: 'never-awaited',
  apply: 'build',
  transform(code, id) {
    if (!/svelte\/src\/internal\/client\/reactivity\/async\.js$/.test(id)) return null;
    const whole = code.replace('if (async.length === 0 && pending.length === 0) {\n\t\tfn(deriveds);\n\t\treturn;\n\t}', 'fn(deriveds);\n\treturn;');
    if (whole.length >= code.length) throw new Error('svelte waits otherwise than before: see vite.config.ts');
    return { code: whole, map: null };
  },
};

// What Svelte says of a mistake of ours is an address each; its name is enough.
const briefErrors: Plugin = {
  name: 'brief-errors',
  apply: 'build',
  transform: (code, id) => (/svelte\/src\/internal\/\w+\/(errors|warnings)\.js$/.test(id) ? { code: code.replaceAll('https://svelte.dev/e/', ''), map: null } : null),
};

// Words by the place of their key in the catalogues, which have the same keys in the same order, instead of by the key itself:
// 3 kB smaller. Only where a whole key is asked for; a count is by the place of its `.one` (src/lib/i18n.svelte.ts).
// Likewise the classes of each component, by the place of its file instead of a hash of it.
const components = readdirSync(new URL('./src', import.meta.url), { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.svelte')).sort();
const placeOf = (file: string): string => `s${components.findIndex((one) => file.endsWith(`src/${one}`)).toString(36)}`;
const places = new Map<string, number>();
Object.keys(JSON.parse(readFileSync(new URL('./src/i18n/nl.json', import.meta.url), 'utf8')) as object).forEach((key, place) => {
  places.set(key, place);
  if (key.endsWith('.one')) places.set(key.slice(0, -4), place);
});
const wordsByPlace: Plugin = {
  name: 'words-by-place',
  apply: 'build',
  transform(code, id) {
    if (!/\/src\/.*\.(svelte|ts)$/.test(id)) return null;
    // Whatever is a key between quotes goes to t(), at once or as the title of something; what is asked for by its name, by has(), does not.
    return { code: code.replace(/(?<!\bhas\()(['"])([a-z_]+\.[\w.-]+)\1(?!\s*:)/g, (whole, _, key: string) => String(places.get(key) ?? whole)), map: null };
  },
};

// What vite has minified becomes some 1 % smaller still.
const packedAgain: Plugin = {
  name: 'packed-again',
  apply: 'build',
  enforce: 'post',
  async generateBundle(_, bundle) {
    for (const one of Object.values(bundle)) {
      if (one.type === 'chunk') one.code = (await minify(one.code, { module: true, ecma: 2020, compress: { passes: 3, unsafe_arrows: true, keep_fargs: false, hoist_funs: true, lhs_constants: false, comparisons: false } })).code ?? one.code;
    }
  },
};

// A script of its own, before all others: it asks for what every start needs while they are on their way.
const askedFirst: Plugin = {
  name: 'asked-first',
  apply: 'build',
  enforce: 'pre',
  generateBundle(_, bundle) {
    const built = (pattern: RegExp): string[] => Object.keys(bundle).filter((file) => pattern.test(file)).map((file) => `./${file}`);
    const words = Object.fromEntries(languages.map((one) => [one, built(new RegExp(`^assets/${one}-[\\w-]+\\.json$`))[0]]));
    const work = built(/^assets\/work-[\w-]+\.(js|css)$/);
    if (Object.values(words).includes(undefined) || work.length < 2) throw new Error('where are the words, or the first page? see vite.config.ts');
    const source = `(${askFirst})(${JSON.stringify(words)}, ${JSON.stringify(work)}, (${preferred})(${JSON.stringify(languages)}, ${JSON.stringify(kept)}));`;
    this.emitFile({ type: 'asset', name: 'first.js', source: source });
  },
  transformIndexHtml: {
    order: 'post',
    handler(_, { bundle }) {
      const file = Object.keys(bundle ?? {}).find((one) => /^assets\/first-[\w-]+\.js$/.test(one));
      return file ? [{ tag: 'script', attrs: { src: `./${file}`, async: true }, injectTo: 'head-prepend' }] : [];
    },
  },
};

export default defineConfig({
  base: './',
  plugins: [svelte({ compilerOptions: { cssHash: ({ filename }) => placeOf(filename ?? '') } }), wordsByPlace, neverHydrated, neverAwaited, briefErrors, askedFirst, packedAgain],
  resolve: process.env.VITEST ? { conditions: ['browser'] } : undefined,
  build: {
    target: 'es2022',
    assetsInlineLimit: 0, // The policy lets nothing in that is not a file of ours.
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 400,
    // What is opened together is one file: it packs better, and asks less often. Guests get theirs alone. What two files use
    // stands in `parts`, or one would fetch the other: scripts/embed.mjs holds that the first page fetches neither of them.
    rolldownOptions: {
      optimization: { inlineConst: { mode: 'all', pass: 3 } },
      output: {
        codeSplitting: {
          includeDependenciesRecursively: false,
          groups: [
            // What whoever comes needs, guests too.
            { name: 'core', test: /node_modules\/(svelte|clsx)|vite\/preload|rolldown|src\/i18n|src\/lib\/(api\/|drafts|i18n|live|net\.|reason|router|session|toasts|words|plainwords|first|languages|components\/(Button|Field|Icon|LookReason|Notice|ProblemNotice|Skeleton))/, priority: 10 },
            { name: 'guest', test: /src\/(pages\/(Guest\.|guest\/)|lib\/guest\.)/, priority: 9 },
            // What is opened after the first page, all together: apart it would be some 3 kB more.
            { name: 'further', test: /src\/(lib\/proof\/|pages\/(Act\.|places\/|Trajectory\.|Invitations|trajectory\/|network\/|methods\/|house\/|Account|Administration|Audit|Hub|Setup|account\/|administration\/|audit\/)|lib\/(acts\/|sheets\/|network\/|methods|story|scope))/, priority: 8 },
            { name: 'parts', test: /src\/lib\/(components\/(Along|Attach|Badge|Choices|Date|Codes|DraftNote|FetchFile|FileList|FilePicker|Findings|Fresh|Listing|More|Pass|Poll|ReceiverPreview|Record|SelectField|SlotField|Table|Tabs|TextField|Tick|Timeline|Titled|TrajectoryField|Waiting|WhatNow|Paper|ErasureState|AppSecret)|anonymous|bodies|dates|files|findings|form\.|paged|plainpage|qr|receivers|reportfile|sight|uploads)/, priority: 6 },
            { name: 'work', test: /src\/(pages\/(?!SignIn)|lib\/(agenda|places))/, priority: 5 },
          ],
        },
      },
    },
  },
  server: {
    host: 'localhost',
    proxy: { '/v1': { target: agent, secure: false, changeOrigin: true, headers: { origin: agent } } },
  },
  test: {
    environment: 'jsdom',
    include: ['test/**/*.test.ts'],
    setupFiles: ['test/setup.ts'],
    restoreMocks: true,
    testTimeout: 60_000, // A busy machine is slow, and says nothing about the page.
  },
});
