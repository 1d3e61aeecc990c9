// Chromium, people at it, and what every page must pass.
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { codeOf, password } from './region.mjs';

const here = dirname(fileURLToPath(import.meta.url));
// Where the page's own packages were installed: by the build, or by hand in agents/web.
const modules = createRequire(join(process.env.SCHAKEL_WEB_MODULES ?? join(here, '../../agents/web/node_modules'), 'x.js'));
const { chromium } = modules('playwright-core');
const axePath = modules.resolve('axe-core/axe.min.js');
export const artefacts = process.env.SCHAKEL_WEB_ARTEFACTS ?? join(here, '../../build/web-artefacts');

// SCHAKEL_WEB_DIST=folder: the page that vite built there, instead of the one within the agent, while one works on it.
const dist = process.env.SCHAKEL_WEB_DIST;

export const open = () => chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-dev-shm-usage'] });

export const widths = { phone: { width: 320, height: 720 }, tablet: { width: 768, height: 1024 }, desk: { width: 1280, height: 900 } };
export const themes = ['light', 'dark'];

// Somebody's browser. `said` is what its console complained of and which requests left for elsewhere: both stay empty.
export async function visitor(browser, { width = 'desk', theme = 'light', language = 'nl' } = {}) {
  const context = await browser.newContext({
    ignoreHTTPSErrors: true,
    viewport: widths[width],
    colorScheme: theme,
    reducedMotion: 'reduce',
    locale: `${language}-BE`,
    timezoneId: 'America/New_York', // The page shows the Belgian clock all the same.
  });
  await context.addInitScript(() => {
    window.toldThePerson = [];
    window.Notification = class {
      constructor(title) {
        window.toldThePerson.push(title);
      }
    };
  });
  if (dist) {
    await context.route('**/*', (route) => {
      const file = join(dist, new URL(route.request().url()).pathname.replace(/\/$/, '/index.html'));
      return existsSync(file) ? route.fulfill({ path: file }) : route.continue();
    });
  }
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  page.said = [];
  page.on('console', (message) => message.type() === 'error' && !/status of (4\d\d|503)/.test(message.text()) && page.said.push(message.text()));
  page.on('pageerror', (error) => page.said.push(String(error)));
  // What the agent says of a case is kept by no cache.
  page.on('response', (response) => {
    const kept = new URL(response.url()).pathname.startsWith('/v1/') && response.status() === 200 && response.headers()['cache-control'] !== 'no-store';
    if (kept) page.said.push(`may be cached: ${response.url()}`);
  });
  page.on('request', (request) => {
    const { hostname, protocol } = new URL(request.url());
    if (!/(^|\.)localhost$/.test(hostname) && protocol !== 'data:') page.said.push(`asked ${hostname}`);
  });
  return page;
}

// Somebody's browser in which they are in already: how one gets in is tried elsewhere.
export async function inside(browser, person, at = '#/today', look = {}) {
  const page = await visitor(browser, look);
  await page.context().addCookies([{ name: '__Host-schakel', value: person.session, url: person.agent.url, secure: true, httpOnly: true, sameSite: 'Strict' }]);
  await visit(page, person, at);
  return page;
}
export async function visit(page, person, at) {
  await page.goto(`${person.agent.url}/${at}`);
  await page.locator('main h1').first().waitFor();
  await settled(page);
}

export async function signIn(page, url, person, ahead = 0) {
  await page.goto(url);
  await fillSignIn(page, person, ahead);
  await page.locator('main#content h1').waitFor();
  await page.locator('nav').first().waitFor({ state: 'attached' });
}
export async function fillSignIn(page, person, ahead = 0) {
  await page.locator('input[name=login]').fill(person.login);
  await page.locator('input[name=password]').fill(password);
  // A code works once; who signs in again within its time uses one of the paper ones.
  const code = person.used ? person.recovery.pop() : codeOf(person.secret, ahead);
  person.used = true;
  await page.locator('input[name=code]').fill(code);
  await page.locator('form button[type=submit]').click();
}

export async function settled(page) {
  await page.waitForLoadState('load');
  await page.locator('.skeleton').first().waitFor({ state: 'detached', timeout: 30_000 });
  await page.evaluate(() => document.fonts.ready);
}

// WCAG 2.2 AA, as far as a machine can tell. Evaluated from outside: the page's policy lets no script in.
const axe = readFileSync(axePath, 'utf8');
export async function accessible(page, what) {
  await page.evaluate(axe);
  const found = await page.evaluate(() => window.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }));
  const told = found.violations.map((one) => `${one.id}: ${one.help}\n    ${one.nodes.slice(0, 3).map((node) => node.target.join(' ') + '  ' + (node.any[0]?.message ?? '')).join('\n    ')}`);
  assert.equal(told.join('\n'), '', `${what}: not accessible to everybody`);
}

// Nothing stands outside the screen or is cut off, however narrow. What scrolls by itself may be wider, and what ends in
// dots says so.
export async function fits(page, what) {
  const wrong = await page.evaluate(() => {
    const root = document.documentElement;
    const found = root.scrollWidth > root.clientWidth ? [`the page is ${root.scrollWidth - root.clientWidth} px too wide`] : [];
    for (const one of document.querySelectorAll('body *')) {
      if (one.scrollWidth <= one.clientWidth + 1 || one.clientWidth === 0 || one.closest('svg, .sk-hidden, textarea, select')) continue;
      const style = getComputedStyle(one);
      if (style.display === 'inline' || style.visibility === 'hidden' || style.textOverflow === 'ellipsis') continue;
      if (/auto|scroll/.test(style.overflowX)) continue;
      const box = one.getBoundingClientRect();
      // Words that are wider than their place; what its parts do by themselves is found at them.
      const own = [...one.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE && node.textContent.trim());
      for (const node of own) {
        const range = document.createRange();
        range.selectNodeContents(node);
        const words = range.getBoundingClientRect();
        if (words.right > box.right + 1 || words.left < box.left - 1) found.push(`“${node.textContent.trim().slice(0, 40)}” is ${Math.round(words.right - box.right)} px wider than its place`);
      }
    }
    return found;
  });
  assert.deepEqual(wrong, [], `${what}: does not fit`);
}

// Everything that can be used is reached by Tab, is seen to be, and nothing lies over it.
export async function reachable(page, what) {
  await page.evaluate(() => {
    document.activeElement?.blur();
    getSelection()?.removeAllRanges();
    window.scrollTo(0, 0);
    const shown = (one) => one.checkVisibility({ checkVisibilityCSS: true }) && one.getClientRects().length > 0;
    // Behind a dialog that wants an answer nothing is to be reached.
    const within = document.querySelector('dialog:modal') ?? document;
    const usable = 'a[href], button:enabled, input:enabled, select:enabled, textarea:enabled, summary, [tabindex]:not([tabindex^="-"])';
    window.toReach = [...within.querySelectorAll(usable)].filter((one) => shown(one) && one.tabIndex >= 0);
    // Of a group of buttons of which one is chosen, one is reached, and the arrows do the rest.
    const groups = new Set();
    window.toReach = window.toReach.filter((one) => {
      if (one.type !== 'radio') return true;
      const key = one.name;
      const chosen = document.querySelector(`input[type=radio][name="${CSS.escape(one.name)}"]:checked`);
      if (chosen) return chosen === one;
      if (groups.has(key)) return false;
      groups.add(key);
      return true;
    });
    window.reached = new Set();
  });
  const many = await page.evaluate(() => window.toReach.length);
  const wrong = [];
  for (let i = 0; i < many + 3; i++) {
    await page.keyboard.press('Tab');
    const found = await page.evaluate(async () => {
      await new Promise((done) => requestAnimationFrame(done)); // What moves aside has moved.
      const one = document.activeElement;
      if (!one || one === document.body) return '';
      window.reached.add(one);
      const style = getComputedStyle(one);
      const around = one.closest('label, li, .option') ?? one;
      const seen = style.outlineStyle !== 'none' || style.boxShadow !== 'none' || getComputedStyle(around).outlineStyle !== 'none';
      const box = one.getBoundingClientRect();
      const name = (one.getAttribute('aria-label') || one.textContent || one.name || one.tagName).trim().slice(0, 40);
      if (!seen) return `“${name}” does not show that it has the focus`;
      // Of what one writes in: where one begins to write.
      const down = one.tagName === 'TEXTAREA' ? 20 : Math.min(box.height / 2, innerHeight - 1);
      const there = document.elementFromPoint(box.left + Math.min(box.width / 2, innerWidth - 1), box.top + down);
      const over = there && !one.contains(there) && !there.contains(one) && !there.closest('label')?.contains(one);
      return over ? `something (${there.tagName}.${there.className}) lies over “${name}”` : '';
    });
    if (found) wrong.push(found);
  }
  const left = await page.evaluate(() => window.toReach.filter((one) => one.isConnected && !window.reached.has(one)).map((one) => `“${(one.getAttribute('aria-label') || one.textContent || one.name || one.tagName).trim().slice(0, 40)}” is not reached`));
  assert.deepEqual([...new Set([...wrong, ...left])], [], `${what}: by keyboard`);
}

// Nothing of a case stays where a page is not: titles, stores, caches, the history, notifications.
export async function keptBehind(page, words, what) {
  const kept = await page.evaluate(async () => ({
    title: document.title,
    address: location.href,
    local: { ...localStorage },
    session: { ...sessionStorage },
    history: history.state,
    caches: globalThis.caches ? await caches.keys() : [],
    workers: navigator.serviceWorker ? (await navigator.serviceWorker.getRegistrations()).length : 0,
    told: window.toldThePerson ?? [],
    moving: document.getAnimations().filter((one) => one.playState === 'running' && Number(one.effect?.getComputedTiming().duration) > 1).length,
  }));
  assert.doesNotMatch(JSON.stringify(kept), words, `${what}: something of a case stays behind`);
  assert.deepEqual([kept.caches, kept.workers, kept.told], [[], 0, []], what);
  assert.equal(kept.moving, 0, `${what}: something moves`);
}

export async function shoot(page, name) {
  mkdirSync(artefacts, { recursive: true });
  // A window as high as the page: what is fixed to its edges stands there.
  const size = page.viewportSize();
  const height = await page.evaluate(() => document.documentElement.scrollHeight);
  await page.setViewportSize({ width: size.width, height: Math.min(Math.max(size.height, height), 6000) });
  await page.screenshot({ path: join(artefacts, `${name}.png`) });
  await page.setViewportSize(size);
}
