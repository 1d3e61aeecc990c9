// Five people of four organisations at once, and a young person on a telephone: a question, a commitment, a round table,
// a consent that is given and taken back, and who saw it all. What one does shows at the others by itself.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { accessible, fits, inside, open, settled, shoot, visit, visitor } from './browser.mjs';
import { Region, until } from './region.mjs';
import { four, join } from './story.mjs';

let region, browser, people, trajectory;
before(async () => {
  region = await Region.of(four);
  const agent = (id) => region.agent(id);
  trajectory = await join(region, ['kjp', 'caw', 'clb']);
  const [lotte, greet, an, joris, bart] = await Promise.all([
    agent('gent').person('lotte', 'Lotte Vermeulen', ['worker', 'coordinator']),
    agent('gent').person('greet', 'Greet Aerts', ['auditor']),
    agent('kjp').person('an', 'Dr. An Claes', ['worker']),
    agent('caw').person('joris', 'Joris Peeters', ['worker', 'coordinator']),
    agent('clb').person('bart', 'Bart Wouters', ['worker', 'coordinator']),
  ]);
  browser = await open();
  people = {};
  for (const [name, person] of Object.entries({ lotte, greet, an, joris, bart })) people[name] = { person, page: await inside(browser, person, name === 'greet' ? '#/audit' : '#/today') };
});
after(async () => {
  await browser?.close();
  await region?.end();
});
// A test of which what stood on the pages is kept when it fails.
let failures = 0;
const scene = (name, play) =>
  test(name, async () => {
    try {
      await play();
    } catch (error) {
      failures++;
      for (const [who, { page }] of Object.entries(people)) if (!page.isClosed()) await shoot(page, `failed-${failures}-${who}`);
      throw error;
    }
  });
// Nobody's console complained, nothing was asked elsewhere, nothing may be kept by a cache.
const quiet = () => {
  for (const [name, { page }] of Object.entries(people)) assert.deepEqual(page.said, [], name);
};
const goes = (name, at) => visit(people[name].page, people[name].person, at);
const send = (page, name) => page.getByRole('button', { name }).click();
const said = (page, words) => page.locator('main').getByText(words).first().waitFor();
const untick = (page, organisation) => page.locator('section.preview').getByLabel(organisation).uncheck();
const receives = (page) => page.locator('section.preview').getByText(/^\s*(Krijgt dit|Misschien)\s*$/).first().waitFor();

scene('a question is asked, answered and concluded, and each sees the next step come', async () => {
  const [lotte, an] = [people.lotte.page, people.an.page];
  await goes('lotte', `#/consultations/new?trajectory=${trajectory}`);
  await lotte.locator('input[name=categories][value=living]').check();
  await receives(lotte);
  // Only who is asked: the others are unticked.
  for (const other of ['CAW Oost-Vlaanderen', 'CLB Gent']) await untick(lotte, other);
  await lotte.locator('textarea[name=question]').fill('Hoe slaapt hij op de leefgroep?');
  await send(lotte, 'Stuur naar 1 organisatie');
  await lotte.waitForURL(/#\/consultations\/[0-9a-f]+/);
  // It comes to the other's Today without a reload, and one click leads to answering.
  await an.getByRole('link', { name: /Beantwoord een vraag/ }).click();
  await said(an, 'Hoe slaapt hij op de leefgroep?');
  await an.locator('textarea[name=text]').fill('Slecht: hij ligt wakker tot drie uur.');
  await receives(an);
  await send(an, 'Stuur dit antwoord');
  await said(lotte, 'hij ligt wakker tot drie uur');
  await send(lotte, 'Sluit af');
  await lotte.locator('input[name=taken][value=yes]').check();
  await receives(lotte);
  await send(lotte, 'Sluit dit overleg af');
  await said(an, 'Gevolgd');
  await shoot(an, 'work-question-concluded_desk_light_nl');
  quiet();
});

scene('a commitment holds once each party signed it', async () => {
  const { lotte, joris, bart } = people;
  await goes('lotte', `#/trajectories/${trajectory}/do/commitment`);
  await lotte.page.locator('textarea[name=text]').fill('Wij bellen eerst Milan zelf, en dan pas elkaar.');
  for (const party of ['gent', 'caw', 'clb']) await lotte.page.locator(`input[name=parties][value=${party}]`).check();
  await receives(lotte.page);
  await untick(lotte.page, 'Jeugdpsychiatrie De Brug');
  await send(lotte.page, 'Leg voor aan de partijen');
  await lotte.page.waitForURL(/\/commitments/);
  // Both partners at once, each on the page where it came in by itself.
  const sign = async ({ page }, name) => {
    await goes(name, `#/trajectories/${trajectory}/commitments`);
    await page.getByRole('link', { name: 'Lees en teken' }).click();
    await said(page, 'Wij bellen eerst Milan zelf');
    await page.locator('input[name=understood]').check();
    await receives(page);
    await send(page, 'Teken voor onze organisatie');
    await page.waitForURL(/\/commitments/);
  };
  await Promise.all([sign(joris, 'joris'), sign(bart, 'bart')]);
  const own = lotte.page.getByRole('link', { name: 'Lees en teken' });
  if (await own.count()) await sign(lotte, 'lotte');
  await Promise.all([lotte, joris, bart].map(({ page }) => page.getByText(/^\s*geldt sinds/).waitFor()));
  await shoot(bart.page, 'work-commitment-holds_desk_light_nl');
  quiet();
});

scene('a round table: the young person chooses on a telephone, the partners vote, a date is fixed, a report is shared', async () => {
  const { lotte, joris, bart } = people;
  await goes('lotte', `#/tables/new?trajectory=${trajectory}`);
  const page = lotte.page;
  await page.locator('input[name=title]').fill('Ronde tafel: eerste maand thuis');
  const day = (ahead) => new Intl.DateTimeFormat('nl-BE', { timeZone: 'Europe/Brussels' }).format(Date.now() + ahead * 86_400_000);
  for (const [i, ahead] of [5, 7].entries()) {
    const slot = page.getByRole('group', { name: `Datum ${i + 1}` });
    await slot.getByLabel('Dag').fill(day(ahead));
    await slot.getByLabel('Van').fill('14:00');
  }
  await receives(page);
  await untick(page, 'Jeugdpsychiatrie De Brug');
  await shoot(page, 'work-table-proposed_desk_light_nl');
  await accessible(page, 'a meeting that is proposed');
  await send(page, 'Stuur dit voorstel');
  await page.waitForURL(/#\/tables\/[0-9a-f]{8,}/);
  await settled(page);
  // A guest, and the link that is shown once.
  await send(page, 'Nodig een gast uit');
  await page.locator('input[name=name]').fill('Milan');
  await send(page, 'Voeg deze gast toe');
  await send(page, 'Maak een link: Milan');
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Maak een link' }).click();
  const link = await dialog.locator('code.link').textContent();
  assert.match(link, /^https:\/\/localhost:\d+\/#\/guest\/./);
  await accessible(page, 'the link of a guest');
  await send(page, 'Klaar: verberg de link');
  assert.doesNotMatch(await page.content(), /#\/guest\/./, 'it is shown once');
  // On a telephone, without an account.
  const milan = await visitor(browser, { width: 'phone' });
  await milan.goto(link);
  await milan.getByRole('heading', { level: 1, name: 'Dag Milan' }).waitFor();
  assert.doesNotMatch(milan.url(), /guest\/./, 'the secret leaves the address');
  await fits(milan, 'guest, dates');
  await accessible(milan, 'guest, dates');
  await shoot(milan, 'guest-dates_phone_light_nl');
  // What is missing is said at its date.
  await milan.getByRole('button', { name: 'Stuur mijn keuze' }).click();
  await milan.locator('fieldset[data-invalid]').first().waitFor();
  for (const [i, choice] of ['no', 'yes'].entries()) await milan.locator(`input[name="date-${i}"][value=${choice}]`).check();
  await milan.getByRole('button', { name: 'Stuur mijn keuze' }).click();
  await milan.getByText('We kregen uw antwoord').waitFor();
  await shoot(milan, 'guest-thanks_phone_light_nl');
  // What the guest chose comes to the convener by itself; passed on, it opens the vote to the partners.
  await page.locator('input[name=from][value=guests]').or(page.getByText('antwoordde')).first().waitFor();
  const family = page.getByRole('button', { name: 'Geef de keuze van het gezin door' });
  if ((await family.getAttribute('aria-expanded')) !== 'true') await family.click();
  await receives(page);
  await send(page, 'Geef dit door');
  const table = page.url().split('/').at(-1);
  const vote = async ({ page: own }, name) => {
    await goes(name, `#/tables/${table}`);
    await own.getByRole('radio', { name: /^Ja/ }).last().check();
    await send(own, 'Stuur dit antwoord');
    await own.getByRole('button', { name: 'Verander uw antwoord' }).waitFor();
  };
  await Promise.all([vote(joris, 'joris'), vote(bart, 'bart')]);
  await page.getByRole('button', { name: 'Leg de datum vast' }).click();
  await page.locator('input[name=which][value="1"]').check();
  await receives(page);
  await send(page, 'Leg deze datum vast');
  await Promise.all([joris, bart].map(({ page: own }) => own.getByText('Wanneer').first().waitFor()));
  // The guest sees the date, and says to come.
  await milan.reload();
  await milan.locator('input[name=attending][value=accepted]').check();
  await milan.getByRole('button', { name: 'Stuur mijn antwoord' }).click();
  await milan.getByText('We kregen uw antwoord').waitFor();
  await shoot(milan, 'guest-date-fixed_phone_light_nl');
  await accessible(milan, 'guest, date fixed');
  await send(page, 'Maak het verslag');
  await page.locator('textarea[name=text]').fill('Milan sprak zelf eerst.');
  await page.locator('input[name="decision-0"]').fill('Wie iets wil, belt eerst Milan.');
  await receives(page);
  await shoot(page, 'work-report_desk_light_nl');
  await accessible(page, 'a report');
  await send(page, 'Deel dit verslag');
  await Promise.all([joris, bart].map(({ page: own }) => said(own, 'Milan sprak zelf eerst.')));
  await shoot(joris.page, 'work-table-reported_desk_light_nl');
  people.milan = { page: milan, link };
  quiet();
});

scene('a consent that is taken back takes the words from the page that shows them', async () => {
  const { lotte, an } = people;
  const page = lotte.page;
  await goes('lotte', `#/trajectories/${trajectory}/do/grant`);
  await page.locator('input[name=organisation][value=kjp]').check();
  await page.locator('input[name=consented_by]').fill('Milan (17)');
  await page.locator('textarea[name=how]').fill('gesprek op zijn kamer');
  await page.locator('input[name=oral]').check();
  await page.locator('input[name=witness]').fill('Karim Daems');
  await page.locator('input[name=purposes][value=care-coordination]').check();
  await page.locator('input[name=categories][value=mental-health]').check();
  await page.locator('input[name=ends_at]').fill(new Intl.DateTimeFormat('nl-BE', { timeZone: 'Europe/Brussels' }).format(Date.now() + 90 * 86_400_000));
  await page.locator('.effect').getByText('geestelijke gezondheid', { exact: false }).first().waitFor();
  await shoot(page, 'work-grant_desk_light_nl');
  await accessible(page, 'a consent before it is recorded');
  await send(page, 'Leg deze grond vast');
  await page.waitForURL(/\/consent/);
  await goes('lotte', `#/trajectories/${trajectory}/do/note`);
  await page.locator('input[name=categories][value=mental-health]').check();
  await page.locator('input[name=title]').fill('Nachten');
  await page.locator('textarea[name=text]').fill('Hij droomt over de brand.');
  await receives(page);
  await send(page, 'Deel de notitie');
  await page.waitForURL(/\/papers/);
  // The partner reads it.
  await goes('an', `#/trajectories/${trajectory}/papers`);
  await an.page.getByRole('button', { name: /^Lees/ }).first().click();
  await said(an.page, 'Hij droomt over de brand.');
  // And while they do, it is taken back.
  const grants = (await region.agent('gent').get(`/v1/trajectories/${trajectory}/grants`)).grants;
  const given = grants.find((one) => one.recipient.id === 'kjp' && one.categories.includes('mental-health') && one.categories.length === 1);
  await goes('lotte', `#/trajectories/${trajectory}/do/withdraw?item=${given.id}`);
  await shoot(page, 'work-withdraw_desk_light_nl');
  await send(page, 'Trek meteen in');
  await until('the words leave the page', async () => (await an.page.getByText('Hij droomt over de brand.').count()) === 0);
  assert.doesNotMatch(await an.page.content(), /droomt over de brand/);
  await shoot(an.page, 'work-withdrawn_desk_light_nl');
  // Nor does it come back when asked again.
  await an.page.reload();
  await settled(an.page);
  const again = an.page.getByRole('button', { name: /^Lees/ });
  if (await again.count()) await again.first().click();
  await settled(an.page);
  assert.doesNotMatch(await an.page.content(), /droomt over de brand/);
  quiet();
});

scene('the young person sees who saw something, and stops a consent', async () => {
  const milan = people.milan.page;
  await milan.getByRole('link', { name: 'Wie zag iets over mij?' }).click();
  await milan.getByRole('button', { name: 'Toon het mij' }).click();
  await milan.getByRole('heading', { name: 'Wilt u dit bewaren?' }).waitFor();
  await fits(milan, 'guest, who saw me');
  await accessible(milan, 'guest, who saw me');
  await shoot(milan, 'guest-seen_phone_light_nl');
  await milan.getByRole('link', { name: 'Waarmee ging ik akkoord?' }).click();
  const caw = milan.locator('li.sk-card').filter({ hasText: 'CAW Oost-Vlaanderen' }).first();
  await caw.waitFor();
  await fits(milan, 'guest, consents');
  await accessible(milan, 'guest, consents');
  await shoot(milan, 'guest-consents_phone_light_nl');
  await caw.getByRole('button', { name: 'Ik ga niet meer akkoord' }).click();
  await accessible(milan, 'guest, before a consent is stopped');
  await milan.getByRole('button', { name: 'Ja, stop ermee' }).click();
  await milan.getByText('CAW Oost-Vlaanderen krijgt niets meer.').waitFor();
  await until('the withdrawal at the partner', async () => {
    const { grants } = await region.agent('caw').get(`/v1/trajectories/${trajectory}`);
    return grants.some((one) => one.recipient.id === 'caw' && one.taken_back.length > 0);
  });
  await milan.getByRole('button', { name: 'Ik ben klaar: sluit af' }).click();
  await milan.getByRole('heading', { name: 'Tot ziens' }).waitFor();
  assert.doesNotMatch(await milan.locator('main').textContent(), /CAW|Milan/);
  assert.deepEqual(milan.said, []);
  // The link works later again, but not once it is revoked; an unknown one is answered alike.
  const kept = await visitor(browser, { width: 'phone' });
  await kept.goto(people.milan.link.replace(/.{4}$/, 'AAAA'));
  await kept.locator('.notice').first().waitFor();
  await shoot(kept, 'guest-no-link_phone_light_nl');
  await accessible(kept, 'guest, a link that does not work');
  await kept.context().close();
  await milan.context().close();
});

scene('the auditor reads who saw what', async () => {
  const { page } = people.greet;
  await page.getByRole('button', { name: 'Toon', exact: true }).click();
  await page.getByRole('heading', { name: /\d+ regels?/ }).waitFor();
  await said(page, 'Lotte Vermeulen');
  await said(page, 'Jeugdpsychiatrie De Brug');
  assert.doesNotMatch(await page.locator('main').textContent(), /An Claes/, 'who works at a partner is theirs to know');
  await fits(page, 'audit');
  await accessible(page, 'audit, answered');
  await shoot(page, 'audit-answered_desk_light_nl');
  quiet();
});
