// What a guest comes by, on a link: the dates, what was agreed to, who saw what, a supporter's messages, the plan of the family.
// Each of it in three widths, two themes and three languages; at 200 %, and by keyboard. As pages_test.mjs does for staff.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { keptBehind, open, settled, shoot, visitor, widths } from './browser.mjs';
import { enlargedAndByKeyboard, judged, look } from './looks.mjs';
import { Region, source, until } from './region.mjs';
import { consent, organisations, tell, wordsOfTheCase } from './story.mjs';

const languages = ['nl', 'en', 'fr'];
const words = JSON.parse(readFileSync(join(source, 'agents/web/src/i18n/nl.json'), 'utf8'));
const lotte = { person: 'Lotte Vermeulen', role: 'coordinator' };
const an = { person: 'Dr. An Claes', role: 'coordinator' };
const day = 86_400_000;
const ahead = (ms) => new Date(Date.now() + ms).toISOString().replace(/\.\d+Z/, 'Z');

let region, browser, gent, kjp, facts;
before(async () => {
  region = await Region.of(organisations);
  [gent, kjp] = [region.agent('gent'), region.agent('kjp')];
  facts = await tell(region);
  browser = await open();
});
after(async () => {
  await browser?.close();
  await region?.end();
});

const linkOf = async (agent, table, guest, by) => (await agent.post(`/v1/tables/${table}/guests/${guest}/link`, {}, by)).link;
// A guest who came by a link, on a telephone.
async function telephone(link) {
  const page = await visitor(browser, { width: 'phone' });
  await page.goto(link);
  await page.locator('.guest nav, .guest form').first().waitFor();
  assert.doesNotMatch(page.url(), /guest\/./, 'the secret leaves the address');
  const { judge, found } = judged();
  return {
    page,
    press: (key) => page.getByRole('button', { name: words[key], exact: true }).click(),
    says: (key) => page.getByText(words[key]).first().waitFor(),
    go: async (path, shows) => {
      await page.goto(`${new URL(page.url()).origin}/#${path}`);
      await page.locator(shows).first().waitFor();
    },
    // As it stands there, in each language, which one chooses on the page itself.
    async see(name) {
      await settled(page);
      for (const language of languages) {
        await page.locator('.head select').selectOption(language);
        await page.locator(`html[lang=${language}]`).waitFor();
        await look(page, `guest-${name}`, language, { judge });
      }
      await page.locator('.head select').selectOption('nl');
      await page.locator('html[lang=nl]').waitFor();
      await judge(async () => assert.equal(await page.locator('main h1').count(), 1, `${name}: headings`));
      await judge(() => keptBehind(page, wordsOfTheCase, name));
      await judge(async () => assert.deepEqual(page.said.splice(0), [], `${name}: said in the console`));
      await enlargedAndByKeyboard(page, `guest-${name}`, judge);
      await page.setViewportSize(widths.phone);
    },
    async end() {
      await page.context().close();
      assert.equal(found(), '');
    },
  };
}
// What stood on the telephone is kept when it fails.
const scene = (name, play) =>
  test(name, async () => {
    const guests = [];
    try {
      await play(async (link) => {
        guests.push(await telephone(link));
        return guests.at(-1);
      });
    } catch (error) {
      for (const [i, { page }] of guests.entries()) if (!page.isClosed()) await shoot(page, `failed-guest-${i}`).catch(() => {});
      throw error;
    }
  });

test('a link that does not work', async () => {
  const wrong = (await linkOf(gent, facts.table, facts.guest, lotte)).replace(/.{4}$/, 'AAAA');
  const { judge, found } = judged();
  for (const language of languages) {
    const page = await visitor(browser, { language });
    await page.goto(wrong);
    await page.locator('.notice').first().waitFor();
    await look(page, 'guest-no-link', language, { judge });
    if (language === 'nl') await enlargedAndByKeyboard(page, 'guest-no-link', judge);
    await page.context().close();
  }
  assert.equal(found(), '');
});

scene('the young person chooses dates, reads who saw what, and takes a consent back', async (telephone) => {
  const milan = await telephone(await linkOf(gent, facts.table, facts.guest, lotte));
  const { page } = milan;
  await milan.see('dates');
  await milan.press('guest.say_dates');
  await page.locator('fieldset[data-invalid]').first().waitFor();
  await until('what is missing has the focus', () => page.evaluate(() => document.activeElement?.closest('fieldset')?.matches('[data-invalid]')));
  await milan.see('dates-missing');
  for (const [i, choice] of ['maybe', 'yes'].entries()) await page.locator(`input[name="date-${i}"][value=${choice}]`).check();
  await milan.press('guest.say_dates');
  await milan.says('guest.thanks');
  await milan.see('thanks');
  // What the family can is passed on first: only then is a date the team's to fix.
  await gent.post(`/v1/tables/${facts.table}/family`, {}, lotte);
  const { poll } = await gent.get(`/v1/tables/${facts.table}`, lotte);
  await gent.post(`/v1/tables/${facts.table}/date`, { slot: poll.find((one) => one.open).slot }, lotte);
  await page.reload();
  await page.locator('input[name=attending]').first().waitFor();
  await milan.see('date-fixed');
  await page.locator('input[name=attending][value=declined]').check();
  await page.locator('input[name=other]').first().waitFor();
  await milan.see('does-not-come');
  await milan.go('/guest/own/seen', '.guest h1');
  await milan.see('seen');
  await milan.press('guest.seen_show');
  await page.locator('.report h2, .report table, .report ul').first().waitFor();
  await milan.see('seen-shown');
  // One of its own to take back: what follows here rests on the others.
  await consent(region, facts.trajectory, 'kjp', ['care-coordination'], ['school']);
  await milan.go('/guest/own/consents', 'li.sk-card');
  await milan.see('consents');
  const before = await page.locator('li.sk-card').count();
  await page.locator('li.sk-card').filter({ hasText: words['guest.category.school'] }).getByRole('button', { name: words['guest.withdraw'] }).click();
  await page.getByRole('dialog').waitFor();
  await milan.see('consent-sure');
  await milan.press('guest.withdraw_yes');
  await page.locator('.notice.good').waitFor();
  await until('the consent is gone', async () => (await page.locator('li.sk-card').count()) < before);
  await milan.see('consent-taken-back');
  await milan.press('guest.leave');
  await milan.says('guest.bye');
  assert.doesNotMatch(await page.locator('main').textContent(), /Milan|De Brug/);
  await milan.see('bye');
  await milan.end();
});

scene('what a guest is asked to sign, and what there is to do', async (telephone) => {
  const mother = (await gent.post(`/v1/tables/${facts.table}/guests`, { name: 'Elke', who: 'mother' }, lotte)).record;
  const elke = await telephone(await linkOf(gent, facts.table, mother, lotte));
  const { page } = elke;
  await elke.go('/guest/own/commitments', '.guest h1');
  await elke.see('commitments-none');
  await elke.go('/guest/own/offers', '.guest h1');
  await elke.see('offers-none');
  // One that waits for the organisation itself, and one that does not.
  const commit = async (text) => (await gent.post(`/v1/trajectories/${facts.trajectory}/commitments`, { text, parties: ['gent'], persons: ['mother', 'other'], other: 'Tante Mia' }, lotte)).record;
  await commit('Wij bellen elke vrijdag.');
  const signed = await commit('Wij eten op zondag samen.\nWie niet kan, zegt het vooraf.');
  await gent.post('/v1/places', { kind: 'leisure', title: 'Koken met de buren', text: 'Elke woensdag, samen koken en eten.\nKom gerust eens kijken.', age_from: 12, age_to: 18, place: 'Buurthuis De Sleep', contact: '09 000 00 00', places: 8, ends_at: ahead(40 * day) }, lotte);
  await elke.go('/guest/own/commitments', 'li.sk-card');
  await elke.see('commitments');
  const card = page.locator('li.sk-card').filter({ hasText: 'op zondag' });
  await card.locator('textarea').fill('Ik breng de taart mee.');
  await card.getByRole('button', { name: words['guest.commitment_yes'] }).click();
  await elke.says('guest.commitment_noted');
  assert.equal(await card.locator('textarea').inputValue(), '', 'what was said is said');
  await elke.see('commitment-signed');
  // A no may come after a yes.
  await card.getByRole('button', { name: words['guest.commitment_no'] }).click();
  await card.getByText(/ging niet akkoord op/).waitFor();
  assert.equal(await card.getByRole('button', { name: words['guest.commitment_yes'] }).count(), 0);
  await elke.see('commitment-declined');
  await elke.go('/guest/own/offers', 'li.sk-card');
  await elke.see('offers');
  await elke.end();
});

scene('a supporter and the team write to each other', async (telephone) => {
  const supporter = (await gent.post(`/v1/tables/${facts.table}/guests`, { name: 'Tante Mia', who: 'other' }, lotte)).record;
  const mia = await telephone(await linkOf(gent, facts.table, supporter, lotte));
  const { page } = mia;
  await mia.go('/guest/own/messages', 'textarea[name=message]');
  assert.equal(await page.locator('nav a[href*="own/seen"], nav a[href*="own/consents"]').count(), 0, 'what is the young person’s is not theirs');
  await mia.see('messages-none');
  await mia.press('guest.message_send');
  await page.locator('textarea[name=message][aria-invalid=true]').waitFor();
  await until('what is missing has the focus', () => page.evaluate(() => document.activeElement.name === 'message'));
  await mia.see('messages-empty');
  await gent.post(`/v1/trajectories/${facts.trajectory}/supporters/messages`, { supporters: [supporter], text: 'Dank u voor zaterdag. Komt u volgende week ook?' }, lotte);
  await page.locator('textarea[name=message]').fill('Ja, ik kom.\nIk breng soep mee.');
  await mia.press('guest.message_send');
  await mia.says('guest.message_sent');
  await page.locator('li.sk-card').nth(1).waitFor();
  await mia.see('messages');
  await until('the words of the supporter', async () => {
    const { supporters } = await gent.get(`/v1/trajectories/${facts.trajectory}/supporters`, lotte);
    return supporters[0].waits && supporters[0].messages.length === 2;
  });
  await mia.end();
});

scene('the family makes its plan, and what it writes to one another nobody else can read', async (telephone) => {
  const slots = [{ begins_at: ahead(9 * day), ends_at: ahead(9 * day + day / 12) }];
  const table = (await kjp.post(`/v1/trajectories/${facts.trajectory}/tables`, { title: 'Eigen Kracht', slots }, an)).record;
  const invite = async (name, who) => (await kjp.post(`/v1/tables/${table}/guests`, { name, who }, an)).record;
  const conference = (await kjp.post(`/v1/trajectories/${facts.trajectory}/conferences`, { table, coordinator: 'Ria', question: 'Waar kan hij wonen?' }, an)).record;
  const elke = await telephone(await linkOf(kjp, table, await invite('Elke', 'mother'), an));
  const kobe = await telephone(await linkOf(kjp, table, await invite('Kobe', 'other'), an));
  const move = (phase) => kjp.post(`/v1/conferences/${conference}/phase`, { phase }, an);
  await elke.go('/guest/own/family', 'ol');
  await elke.see('family');
  await move('private');
  await elke.press('guest.family_again');
  await elke.page.locator('#notes').waitFor();
  await elke.see('family-private');
  // The first makes the words; who sits beside hears them, and types them.
  await elke.press('guest.words_make');
  await elke.page.locator('p.words').waitFor();
  await elke.see('family-words');
  const heard = (await elke.page.locator('p.words').textContent()).trim();
  await kobe.go('/guest/own/family', 'textarea[name=words]');
  await kobe.see('family-words-asked');
  const types = async (said) => {
    await kobe.page.locator('textarea[name=words]').fill(said);
    await kobe.press('guest.words_open');
  };
  await types(`${heard} dinosaurus`);
  await kobe.page.locator('textarea[name=words][aria-invalid=true]').waitFor();
  await until('the words have the focus', () => kobe.page.evaluate(() => document.activeElement.name === 'words'));
  await kobe.see('family-words-unknown');
  await types(heard.split(' ').toReversed().join(' '));
  await kobe.says('guest.words_wrong');
  await types(`  ${heard.toUpperCase()} `);
  await kobe.page.locator('p.words').waitFor();
  const secret = 'Bij tante Mia, en in het weekend thuis.';
  await elke.page.locator('textarea[name=note]').fill(secret);
  await elke.press('guest.note_keep');
  await kobe.press('guest.family_again');
  for (const { page } of [elke, kobe]) await page.locator('li.sk-card').getByText(secret).waitFor();
  await elke.see('family-notes');
  assert.doesNotMatch(JSON.stringify(await kjp.get(`/v1/trajectories/${facts.trajectory}/conferences`, an)), /tante Mia/, 'staff is told how many there are, and nothing of them');
  await elke.press('guest.wipe');
  await elke.page.getByRole('dialog').waitFor();
  await elke.see('family-wipe-sure');
  await elke.press('guest.withdraw_no');
  await move('plan');
  await elke.press('guest.family_again');
  await elke.page.locator('textarea[name=plan]').waitFor();
  await elke.press('guest.plan_send');
  await elke.page.locator('textarea[name=plan][aria-invalid=true]').waitFor();
  await elke.see('family-plan-empty');
  await elke.page.locator('textarea[name=plan]').fill('In de week bij tante Mia.\nIn het weekend is hij thuis.');
  await elke.press('guest.plan_send');
  await elke.says('guest.plan_sent');
  await elke.see('family-plan-told');
  const told = await until('the plan at who leads', async () => (await gent.get(`/v1/trajectories/${facts.trajectory}/conferences`, lotte)).conferences[0]?.plans[0]);
  await gent.post(`/v1/family-plans/${told.id}/answer`, { said: 'accepted', text: 'We gaan er samen mee aan de slag.' }, lotte);
  await until('the answer', async () => (await kjp.get(`/v1/trajectories/${facts.trajectory}/conferences`, an)).conferences[0].plans[0].answer);
  await elke.press('guest.family_again');
  await elke.page.getByText('We gaan er samen mee aan de slag.').waitFor();
  await elke.see('family-plan-answered');
  // What one tears up is gone for all of them.
  await elke.press('guest.wipe');
  await elke.press('guest.wipe_yes');
  await elke.says('guest.wiped');
  await kobe.press('guest.family_again');
  for (const { page } of [elke, kobe]) await page.getByText(secret).waitFor({ state: 'detached' });
  await elke.see('family-wiped');
  await kobe.end();
  await elke.end();
});
