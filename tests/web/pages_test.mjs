// Every page of routes.ts, in three widths, two themes and two languages, and French where it is narrow: nothing that
// axe-core finds, nothing outside the screen or cut off, at 200 % too; nothing moves for who asked for that; everything
// reached by keyboard, and seen when it is; nothing in the console, nobody else asked, and nothing of a case where it stays
// behind. Screenshots stay in the build folder.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { inside, keptBehind, open, reachable, visit, visitor, widths } from './browser.mjs';
import { enlargedAndByKeyboard, judged, look } from './looks.mjs';
import { elsewhere, matches, pages, routes } from './pages.mjs';
import { Region, source } from './region.mjs';
import { fill, organisations, tell, wordsOfTheCase } from './story.mjs';

// SCHAKEL_PAGES=house: those alone whose name says so, while one works on them.
const some = new RegExp(process.env.SCHAKEL_PAGES ?? '');
const asking = Object.fromEntries(['nl', 'en', 'fr'].map((one) => [one, JSON.parse(readFileSync(join(source, `agents/web/src/i18n/${one}.json`), 'utf8'))['receivers.asking']]));
let region, browser, people, facts, gent;
before(async () => {
  region = await Region.of(organisations);
  gent = region.agent('gent');
  facts = await tell(region);
  Object.assign(facts, await fill(region, facts));
  people = {
    worker: await gent.person('lotte', 'Lotte Vermeulen', ['worker', 'coordinator']),
    administrator: await gent.person('ruben', 'Ruben Pauwels', ['administrator', 'auditor']),
    auditor: await gent.person('greet', 'Greet Aerts', ['auditor']),
    partner: await region.agent('kjp').person('an', 'Dr. An Claes', ['worker', 'coordinator']),
  };
  browser = await open();
});
after(async () => {
  await browser?.close();
  await region?.end();
});

test('the page takes no script, style or frame from anywhere else', async () => {
  const { headers } = await region.fetch(`${gent.url}/`);
  const policy = headers['content-security-policy'];
  assert.match(policy, /default-src 'none'|default-src 'self'/);
  assert.doesNotMatch(policy, /unsafe-inline|unsafe-eval|https?:|\*/);
  assert.match(policy, /frame-ancestors 'none'/);
  assert.equal(headers['x-content-type-options'], 'nosniff');
});

test('the sign-in, before anybody is in', async () => {
  for (const language of ['nl', 'en', 'fr']) {
    const page = await visitor(browser, { language });
    await page.goto(gent.url);
    await page.locator('input[name=login]').waitFor();
    await look(page, 'sign-in', language, { narrow: language === 'fr' });
    await reachable(page, 'sign-in');
    assert.deepEqual(page.said, []);
    await page.context().close();
  }
});

test('every page is opened here, or by a test of its own', () => {
  const opened = pages(facts).map(({ at }) => at.slice(1).split('?')[0]);
  const left = routes().filter((route) => !elsewhere.includes(route) && !opened.some((at) => matches(route, at)));
  assert.deepEqual(left, []);
});

for (const language of ['nl', 'en', 'fr']) {
  test(`every page for who is in: ${language}`, async () => {
    const inAs = {};
    for (const [role, person] of Object.entries(people)) inAs[role] = await inside(browser, person, '#/hub', { language });
    const { judge, found } = judged();
    for (const { name, at, as = 'worker', open: pressed, shows } of pages(facts).filter((one) => some.test(one.name))) {
      const page = inAs[as];
      await page.setViewportSize(widths.desk);
      await page.emulateMedia({ colorScheme: 'light' });
      await page.evaluate(() => document.activeElement?.blur()); // Where the look before this one ended.
      await visit(page, people[as], at);
      if (pressed) {
        await page.locator(pressed).first().click();
      }
      if (shows) await page.locator(shows).first().waitFor();
      await page.getByText(asking[language], { exact: true }).first().waitFor({ state: 'detached' }); // Who receives it stands there.
      await look(page, name, language, { narrow: language === 'fr', judge });
      await judge(async () => assert.equal(await page.locator('main h1').count(), 1, `${name}: headings`));
      await judge(async () => assert.equal(await page.evaluate(() => document.documentElement.lang), language, name));
      await judge(() => keptBehind(page, wordsOfTheCase, name));
      await judge(async () => assert.deepEqual(page.said.splice(0), [], `${name}: said in the console`));
      if (language === 'nl') await enlargedAndByKeyboard(page, name, judge);
    }
    assert.equal(found(), '');
    for (const page of Object.values(inAs)) await page.context().close();
  });
}
