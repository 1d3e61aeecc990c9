// Every page, in three widths, two themes and two languages, and French where it is narrow: nothing that axe-core finds, nothing outside the screen,
// nothing in the console, nobody else asked. Screenshots stay in the build folder.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { accessible, fits, open, settled, shoot, signIn, themes, visitor, widths } from './browser.mjs';
import { pages } from './pages.mjs';
import { Region, until } from './region.mjs';
import { organisations, tell } from './story.mjs';

let region, browser, lotte, facts, gent;
before(async () => {
  region = await Region.of(organisations);
  gent = region.agent('gent');
  facts = await tell(region);
  lotte = await gent.person('lotte', 'Lotte Vermeulen', ['worker', 'coordinator']);
  browser = await open();
});
after(async () => {
  await browser?.close();
  await region?.end();
});

const looks = Object.keys(widths).flatMap((width) => themes.flatMap((theme) => ['nl', 'en'].map((language) => ({ width, theme, language }))));
looks.push({ width: 'phone', theme: 'light', language: 'fr' }); // Its words are the longest.

test('the sign-in, before anybody is in', async () => {
  for (const look of looks) {
    const page = await visitor(browser, look);
    await page.goto(gent.url);
    await page.locator('input[name=login]').waitFor();
    const name = `sign-in_${look.width}_${look.theme}_${look.language}`;
    await fits(page, name);
    await shoot(page, name);
    await accessible(page, name);
    assert.deepEqual(page.said, []);
    await page.context().close();
  }
});

test('every page for who is in', async () => {
  const first = await visitor(browser);
  await signIn(first, gent.url, lotte);
  const kept = await first.context().storageState();
  for (const look of looks) {
    const page = await visitor(browser, look);
    await page.context().addCookies(kept.cookies);
    for (const { name, at } of pages(facts)) {
      const what = `${name}_${look.width}_${look.theme}_${look.language}`;
      await page.goto(`${gent.url}/${at}`);
      await page.locator('main h1').waitFor();
      await settled(page);
      await fits(page, what);
      await shoot(page, what);
      await accessible(page, what);
      assert.equal(await page.locator('main h1').count(), 1, what);
      assert.deepEqual(page.said, [], what);
      assert.doesNotMatch(await page.title(), /Milan|Noor|Traject 12/, what);
    }
    await page.context().close();
  }
  await first.context().close();
});
