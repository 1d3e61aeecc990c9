// Each error, as who works meets it: signed out from elsewhere, not for their role, not there, changed by somebody meanwhile, too
// often, too large, the agent away, the hub away. What it says is looked at in three languages, widths and themes; what was
// written stands there afterwards, and what belonged to a case does not.
import assert from 'node:assert/strict';
import { readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fillSignIn, inside, keptBehind, open, shoot, visit, visitor, widths } from './browser.mjs';
import { enlargedAndByKeyboard, judged, look } from './looks.mjs';
import { Region, source, until } from './region.mjs';
import { consent, organisations, tell, wordsOfTheCase } from './story.mjs';

const languages = ['nl', 'en', 'fr'];
const catalogue = (folder, language) => JSON.parse(readFileSync(join(source, folder, `${language}.json`), 'utf8'));
const words = Object.fromEntries(languages.map((one) => [one, catalogue('agents/web/src/i18n', one)]));
const said = Object.fromEntries(languages.map((one) => [one, catalogue('agents/i18n', one)]));
const lotte = { person: 'Lotte Vermeulen', role: 'coordinator' };
const day = 86_400_000;
const ahead = (ms) => new Date(Date.now() + ms).toISOString().replace(/\.\d+Z/, 'Z');
const nothing = '0'.repeat(32);

let region, browser, gent, kjp, facts, people;
before(async () => {
  region = await Region.of(organisations);
  [gent, kjp] = [region.agent('gent'), region.agent('kjp')];
  facts = await tell(region);
  for (const organisation of ['kjp', 'gent']) await consent(region, facts.trajectory, organisation, ['care-coordination'], ['goals', 'agreements']);
  people = {
    lotte: await gent.person('lotte', 'Lotte Vermeulen', ['worker', 'coordinator']),
    els: await gent.person('els', 'Els Maes', ['worker', 'coordinator']),
    nora: await gent.person('nora', 'Nora Peeters', ['worker']),
    ruben: await gent.person('ruben', 'Ruben Pauwels', ['administrator']),
    an: await kjp.person('an', 'Dr. An Claes', ['worker', 'coordinator']),
  };
  browser = await open();
});
after(async () => {
  await browser?.close();
  await region?.end();
});

// The same page in each language at once: what goes wrong goes wrong for all of them.
const scene = (name, play) =>
  test(name, async () => {
    const open = [];
    const { judge, found } = judged();
    const in_ = async (who, at) => {
      for (const language of languages) open.push({ language, page: await inside(browser, people[who], at, { language }), t: words[language] });
      return open;
    };
    // As it stands there, of each; then wide again.
    const see = async (what) => {
      for (const { language, page } of open) {
        await look(page, `error-${what}`, language, { judge });
        await judge(() => keptBehind(page, wordsOfTheCase, `${what}, ${language}`));
        await judge(async () => assert.doesNotMatch(await page.locator('body').innerText(), /--[a-z]|schakel (-|[a-z]+ [a-z])|\b[a-z]+_[a-z]+\b|\{\w+\}/, `${what}, ${language}: what no worker reads`));
        if (language === 'nl') await enlargedAndByKeyboard(page, `error-${what}`, judge);
        await page.setViewportSize(widths.desk);
        await page.emulateMedia({ colorScheme: 'light' });
      }
    };
    try {
      await play({ in_, see, all: (what) => Promise.all(open.map(what)), open });
      for (const { page, language } of open) await judge(async () => assert.deepEqual(page.said.splice(0), [], `${language}: said in the console`));
      assert.equal(found(), '');
    } catch (error) {
      for (const { page, language } of open) if (!page.isClosed()) await shoot(page, `failed-${name.replace(/\W+/g, '-').slice(0, 30)}-${language}`).catch(() => {});
      throw error;
    } finally {
      for (const { page } of open) await page.context().close();
    }
  });
const kept = (page) => page.locator('main form p.kept').filter({ hasText: /./ }).waitFor();
const previewed = (page, t) => page.locator('section.preview').getByText(new RegExp(`^\\s*(${t['receivers.receives']}|${t['receivers.perhaps']})\\s*$`)).first().waitFor();
const send = (page) => page.locator('main form button[type=submit]').click();
const refused = (page, words) => page.locator('.notice.bad').filter({ hasText: words }).first().waitFor();
const written = 'Er is deze maand veel gelukt.';

scene('401: the session is ended by another, while a form stands open', async ({ in_, see, all, open }) => {
  const at = `#/consultations/new?trajectory=${facts.trajectory}`;
  await in_('els', at);
  await all(async ({ page, t }) => {
    await page.locator('input[value=mental-health]').check();
    await previewed(page, t);
    await page.locator('textarea[name=question]').fill(written);
    await kept(page);
    assert.match(await page.locator('main').textContent(), /De Brug/);
  });
  await gent.post(`/v1/people/${people.els.login}/passes/revoke`, {}, { role: 'administrator' });
  await all(async ({ page, t }) => {
    await page.getByRole('dialog').getByText(t['signin.expired_title']).waitFor();
    assert.doesNotMatch(await page.content(), /De Brug|gelukt|Els Maes/, 'what it showed is gone');
  });
  await see('signed-out');
  // Nor does it come back by going back, or by asking again.
  const { page, t } = open[0];
  await page.reload();
  await page.locator('input[name=login]').waitFor();
  assert.doesNotMatch(await page.content(), /De Brug|gelukt|Els Maes/);
  await fillSignIn(page, people.els);
  await page.locator('textarea[name=question]').waitFor();
  await until('the draft', async () => (await page.locator('textarea[name=question]').inputValue()) === written);
  await previewed(page, t);
});

scene('403: a page that is not for their role', async ({ in_, see, all }) => {
  await in_('nora', '#/administration');
  await all(({ page, t }) => page.getByRole('heading', { level: 1, name: t['shell.not_yours'] }).waitFor());
  await see('role-page');
});

scene('403: what the agent refuses somebody who has no task there', async ({ in_, see, all }) => {
  for (const person of ['Lotte Vermeulen', 'Els Maes']) await gent.post(`/v1/trajectories/${facts.trajectory}/tasks`, { person }, lotte);
  await in_('nora', `#/trajectories/${facts.trajectory}`);
  await all(async ({ page, t }) => {
    await refused(page, t['problem.view.no_task.title']);
    assert.doesNotMatch(await page.content(), /Milan|De Brug/);
  });
  await see('no-task');
  // They say why they look all the same, and that is written down.
  await all(async ({ page, t }) => {
    await page.getByRole('button', { name: t['reason.go'] }).click();
    await page.getByRole('heading', { level: 1, name: /Milan/ }).waitFor();
  });
});

scene('403: an act for coordinators, by its address', async ({ in_, see, all }) => {
  await in_('nora', `#/trajectories/${facts.trajectory}/do/close`);
  await all(async ({ page, t }) => {
    await page.locator('.notice').filter({ hasText: t['act.coordinator'] }).first().waitFor();
    assert.equal(await page.locator('main form').count(), 0);
  });
  await see('coordinator-act');
});

scene('403: who administers sees nothing of a case', async ({ in_, see, all }) => {
  await in_('ruben', `#/trajectories/${facts.trajectory}`);
  await all(async ({ page, t }) => {
    await page.getByRole('heading', { level: 1, name: t['shell.not_yours'] }).waitFor();
    assert.doesNotMatch(await page.content(), /Milan|De Brug/);
  });
  await see('administrator-at-a-case');
});

for (const [what, at] of [['trajectory', `#/trajectories/${nothing}`], ['question', `#/consultations/${nothing}`], ['meeting', `#/tables/${nothing}`], ['place', `#/places/${nothing}`]]) {
  scene(`404: no such ${what}`, async ({ in_, see, all }) => {
    await in_('lotte', at);
    await all(async ({ page }) => {
      await page.locator('.notice.bad').first().waitFor();
      assert.equal(await page.locator('main h1').count(), 1);
    });
    await see(`no-such-${what}`);
  });
}

scene('409: somebody was first; what was written stays, and stands there after a reload', async ({ in_, see, all, open }) => {
  const goals = [];
  for (const language of languages) {
    goals.push((await gent.post(`/v1/trajectories/${facts.trajectory}/goals`, { text: `Hij slaapt door (${language}).`, owners: ['gent'], begins_at: ahead(-day), ends_at: ahead(30 * day) }, lotte)).record);
  }
  await in_('lotte', '#/hub');
  for (const [i, { page, t }] of open.entries()) {
    await visit(page, people.lotte, `#/trajectories/${facts.trajectory}/do/goal-review?item=${goals[i]}`);
    await page.locator('[name=found][value=continued]').check();
    await page.locator('textarea[name=text]').fill(written);
    await previewed(page, t);
    await kept(page);
  }
  for (const goal of goals) await gent.post(`/v1/goals/${goal}/review`, { found: 'stopped', text: 'Wij stoppen ermee.' }, { person: 'Els Maes', role: 'coordinator' });
  await all(async ({ page, language }) => {
    await send(page);
    await refused(page, said[language]['error.goal.over']);
    assert.equal(await page.locator('textarea[name=text]').inputValue(), written);
  });
  await see('somebody-was-first');
  await all(async ({ page }) => {
    await page.reload();
    await until('the draft', async () => (await page.locator('textarea[name=text]').inputValue()) === written);
  });
});

scene('409: the text that one signs was changed since', async ({ in_, see, all, open }) => {
  const commitments = [];
  for (const language of languages) {
    commitments.push((await gent.post(`/v1/trajectories/${facts.trajectory}/commitments`, { text: `Wij bellen eerst zelf (${language}).`, parties: ['gent', 'kjp'], to: ['kjp'] }, lotte)).record);
  }
  const known = async () => (await kjp.get(`/v1/trajectories/${facts.trajectory}/commitments`)).commitments;
  await until('the commitments at the partner', async () => (await known()).length === languages.length);
  await in_('an', '#/hub');
  for (const [i, { page, t }] of open.entries()) {
    await visit(page, people.an, `#/trajectories/${facts.trajectory}/do/sign?item=${commitments[i]}`);
    await page.locator('textarea[name=remark]').fill(written);
    await page.locator('input[name=understood]').check();
    await previewed(page, t);
    await kept(page);
  }
  for (const one of commitments) await gent.post(`/v1/commitments/${one}/edit`, { text: 'Wij bellen altijd eerst zelf.', parties: ['gent', 'kjp'] }, lotte);
  await until('the new text at the partner', async () => (await known()).every((one) => one.versions.length === 2));
  await all(async ({ page, language }) => {
    await send(page);
    await refused(page, said[language]['error.commitment.changed']);
    assert.equal(await page.locator('textarea[name=remark]').inputValue(), written);
  });
  await see('text-changed');
});

scene('a file that is too large, or of another kind, is refused before anything of it leaves', async ({ in_, see, all }) => {
  const large = join(region.folder, 'filmpje.mp4');
  writeFileSync(large, '');
  truncateSync(large, 100 * 1024 * 1024 + 1); // Full of holes: it takes no room.
  await in_('lotte', `#/trajectories/${facts.trajectory}/papers`);
  const asked = [];
  await all(async ({ page, t }) => {
    page.on('request', (request) => /uploads/.test(request.url()) && request.method() !== 'GET' && asked.push(request.url()));
    await page.locator('summary').filter({ hasText: t['papers.add_file'] }).click();
    await page.locator('details input[value=living]').check();
    await page.locator('input[type=file]').setInputFiles({ name: 'verslag.exe', mimeType: 'application/octet-stream', buffer: Buffer.from('MZ') });
    await page.locator('.field.wrong .error').filter({ hasText: t['files.ending'].split('{')[0].trim() }).waitFor();
    await page.locator('input[type=file]').setInputFiles(large);
    await page.locator('.field.wrong .error').filter({ hasText: t['files.size'].split('{')[0].trim() }).waitFor();
  });
  await see('file-too-large');
  assert.deepEqual(asked, []);
});

scene('the hub is away: one works on, what is sent waits, and leaves by itself', async ({ in_, see, all, open }) => {
  await in_('lotte', `#/trajectories/${facts.trajectory}/do/note`);
  await region.stopOne('hub');
  try {
    await all(({ page, t }) => page.getByText(t['shell.hub_away']).waitFor());
    await see('hub-away');
    const { page } = open[0];
    await page.locator('input[name=categories][value=living]').check();
    await page.locator('input[name=title]').fill('Nachten');
    await page.locator('textarea[name=text]').fill('Hij sliep bij zijn tante.');
    await previewed(page, open[0].t);
    await send(page);
    await page.waitForURL(/\/papers/);
    await page.getByText(/\d+ bericht(en)? wacht/).waitFor();
    await page.getByText(words.nl['papers.waiting']).first().waitFor();
    await page.locator('.toast button').first().click(); // What says that it waits, lies over the page for a while.
    await see('hub-away-waiting');
  } finally {
    await region.startHub();
  }
  await all(({ page, t }) => page.getByText(t['shell.hub_away']).waitFor({ state: 'detached', timeout: 60_000 }));
  await open[0].page.getByText(words.nl['papers.waiting']).waitFor({ state: 'detached', timeout: 60_000 });
});

scene('the agent is away: it is said, a draft survives, and it goes once the agent is back', async ({ in_, see, all, open }) => {
  await in_('lotte', `#/consultations/new?trajectory=${facts.trajectory}`);
  await all(async ({ page, t }) => {
    await page.locator('input[value=mental-health]').check();
    await previewed(page, t);
    await page.locator('textarea[name=question]').fill(`${written} ${page.url().length}`);
    await kept(page);
  });
  await gent.stop();
  try {
    await all(async ({ page, t }) => {
      await send(page);
      await refused(page.locator('main'), t['problem.page.offline.title']).catch(() => refused(page, t['problem.page.offline.title']));
      await page.getByText(t['shell.offline'], { exact: true }).waitFor();
      assert.match(await page.locator('textarea[name=question]').inputValue(), new RegExp(written), 'what was written stands there');
    });
    await see('agent-away');
    // Another page is not there to be had; the way back is.
    await all(async ({ page, t }) => {
      await page.evaluate(() => (location.hash = '#/calendar'));
      await page.getByText(t['shell.page_failed']).or(page.locator('main .notice.bad')).first().waitFor();
    });
    await see('agent-away-elsewhere');
  } finally {
    await gent.start();
  }
  await all(async ({ page, t }) => {
    await page.getByText(t['shell.offline'], { exact: true }).waitFor({ state: 'detached', timeout: 60_000 });
    await visit(page, people.lotte, `#/consultations/new?trajectory=${facts.trajectory}`);
    await until('the draft', async () => (await page.locator('textarea[name=question]').inputValue()).startsWith(written));
  });
  const { page, t } = open[0];
  await previewed(page, t);
  await send(page);
  await page.waitForURL(/#\/consultations\/[0-9a-f]{8,}/);
  for (const one of open) one.page.said = one.page.said.filter((words) => !/net::ERR_CONNECTION/.test(words)); // Of asking whether it is back.
});

// Last: whoever fails so often waits.
test('429: who tries to get in too often waits, and is told how long', async () => {
  const { judge, found } = judged();
  for (const language of languages) {
    const page = await visitor(browser, { language });
    await page.goto(gent.url);
    for (let i = 0, status = 0; status !== 429 && i < 12; i++) {
      await page.locator('input[name=login]').fill('iemand-die-niet-bestaat');
      await page.locator('input[name=password]').fill('verkeerd wachtwoord hier');
      await page.locator('input[name=code]').fill('000000');
      const answered = page.waitForResponse((one) => one.url().endsWith('/v1/login'));
      await page.locator('form button[type=submit]').click();
      status = (await answered).status();
      await page.locator('.notice.bad').waitFor();
      assert.ok(status === 401 || status === 429, `${status}`);
    }
    await page.locator('.notice.bad').filter({ hasText: words[language]['problem.wait.other'].replace(/\{count\}.*/, '').trim() }).waitFor();
    await judge(async () => assert.equal(await page.locator('input[name=login]').inputValue(), 'iemand-die-niet-bestaat', 'what was typed stays'));
    await look(page, 'error-too-often', language, { judge });
    if (language === 'nl') await enlargedAndByKeyboard(page, 'error-too-often', judge);
    assert.deepEqual(page.said, []);
    await page.context().close();
  }
  assert.equal(found(), '');
});
