// Chromium, people at it, and what every page must pass.
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
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

// Nothing stands outside the screen, however narrow.
export async function fits(page, what) {
  const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  assert.ok(over <= 0, `${what}: ${over} px too wide`);
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
