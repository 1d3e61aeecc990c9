// Getting in and out, and what stays and goes: the invitation, a wrong password, the lock-out, a session that ends under
// somebody's hands, a draft, a hub that is away.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { accessible, fillSignIn, inside, open, settled, shoot, signIn, visit, visitor } from './browser.mjs';
import { codeOf, password, Region, until } from './region.mjs';
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
const kept = (page) => page.evaluate(() => JSON.stringify({ local: { ...localStorage }, session: { ...sessionStorage } }));

test('an invitation becomes an account, and its secret leaves the address', async () => {
  const link = await gent.invite('nora', 'Nora Peeters', ['worker']);
  const page = await visitor(browser);
  await page.goto(link);
  await page.locator('svg.qr').waitFor();
  assert.doesNotMatch(page.url(), /setup\/./);
  await shoot(page, 'setup_desk_light_nl');
  await accessible(page, 'setup');
  const secret = (await page.locator('svg.qr + p code').textContent()).replace(/\s/g, '');
  // What is missing is said at its field, and the first of them has the focus.
  await page.locator('button[type=submit]').click();
  await until('the first of them has the focus', () => page.evaluate(() => document.activeElement.name === 'code'));
  await page.locator('input[name=code]').fill(codeOf(secret));
  await page.locator('input[name=password]').fill('kort');
  await page.locator('input[name=again]').fill('kort');
  await page.locator('button[type=submit]').click();
  await page.locator('[name=password][aria-invalid=true], .notice.bad').waitFor();
  await page.locator('input[name=password]').fill(password);
  await page.locator('input[name=again]').fill(password);
  await page.locator('input[name=code]').fill(codeOf(secret));
  await page.locator('button[type=submit]').click();
  await page.locator('ol.codes li').first().waitFor();
  await accessible(page, 'recovery codes');
  await page.locator('input[type=checkbox]').check();
  await page.getByRole('button', { name: 'Begin' }).click();
  await page.getByRole('heading', { level: 1, name: 'Vandaag' }).waitFor();
  assert.deepEqual(page.said, []);
  await page.context().close();
});

test('who is refused is told so, and not why; who tries too often waits', async () => {
  const page = await visitor(browser);
  await page.goto(gent.url);
  for (let i = 0; i < 12; i++) {
    await page.locator('input[name=login]').fill('lotte-bestaat-niet');
    await page.locator('input[name=password]').fill('verkeerd wachtwoord hier');
    await page.locator('input[name=code]').fill('000000');
    const answered = page.waitForResponse((one) => one.url().endsWith('/v1/login'));
    await page.locator('form button[type=submit]').click();
    const { status } = { status: (await answered).status() };
    await page.locator('.notice.bad').waitFor();
    if (status === 429) break;
    assert.equal(status, 401);
  }
  assert.match(await page.locator('.notice.bad').textContent(), /seconde/);
  await shoot(page, 'locked-out_desk_light_nl');
  await page.context().close();
});

test('a question: who receives it is seen before, and a draft survives a closed tab', async () => {
  const page = await visitor(browser);
  await signIn(page, gent.url, lotte);
  await page.goto(`${gent.url}/#/consultations/new?trajectory=${facts.trajectory}`);
  await page.locator('input[value=mental-health]').check();
  const preview = page.locator('section.preview');
  await preview.getByText('Jeugdpsychiatrie De Brug', { exact: true }).waitFor();
  await preview.getByText('Krijgt dit', { exact: true }).waitFor();
  assert.match(await preview.textContent(), /toestemming, tot/);
  // A category that no grant covers: nobody gets it, and it says why.
  await page.locator('input[value=justice]').check();
  await preview.getByText('Krijgt dit niet').waitFor();
  await shoot(page, 'ask-denied_desk_light_nl');
  await accessible(page, 'ask, denied');
  await page.locator('input[value=justice]').uncheck();
  await preview.getByText('Krijgt dit', { exact: true }).waitFor();
  await page.locator('textarea[name=question]').fill('Is er deze week nog plaats voor een gesprek?');
  await page.getByText('Concept bewaard').waitFor();
  assert.doesNotMatch(await kept(page), /gesprek|Milan/);
  // Typed and gone at once: no more is lost than the letters that were being written to the disk; begun again and undone.
  await page.locator('textarea[name=question]').pressSequentially(' Liefst morgen.');
  await page.reload();
  const question = () => page.locator('textarea[name=question]').inputValue();
  await until('what was typed', async () => (await question()).includes(' Liefst'));
  const typed = await question();
  await page.getByRole('button', { name: 'Wis en begin opnieuw' }).click();
  await until('an empty form', async () => (await question()) === '');
  await page.getByRole('button', { name: 'Maak ongedaan' }).click();
  await until('what stood there', async () => (await question()) === typed);
  await page.getByText('Concept bewaard').waitFor();
  const again = await page.context().newPage();
  again.said = [];
  await page.close();
  await again.goto(`${gent.url}/#/consultations/new?trajectory=${facts.trajectory}`);
  await until('the draft', async () => (await again.locator('textarea[name=question]').inputValue()).startsWith('Is er deze week'));
  await again.locator('section.preview').getByText('Krijgt dit', { exact: true }).waitFor();
  await again.getByRole('button', { name: /Stuur naar 1 organisatie/ }).click();
  await until('the question at the partner', async () => {
    const { consultations } = await region.agent('kjp').get('/v1/consultations');
    return consultations.length >= 2;
  });
  await again.context().close();
});

test('a session that ends takes what it showed along, and leads back', async () => {
  const page = await visitor(browser);
  await signIn(page, gent.url, lotte);
  await page.goto(`${gent.url}/#/trajectories`);
  await page.getByText('Milan (17)').waitFor();
  await gent.post(`/v1/people/${lotte.login}/passes/revoke`, {}, { role: 'administrator' });
  await page.getByRole('dialog').getByText('Uw sessie is afgelopen').waitFor();
  assert.equal(await page.getByText('Milan (17)').count(), 0);
  await shoot(page, 'expired_desk_light_nl');
  await accessible(page, 'expired');
  await fillSignIn(page, lotte);
  await page.getByText('Milan (17)').waitFor();
  assert.match(page.url(), /#\/trajectories$/);
  // Signing out, in this tab, closes the others too.
  const other = await page.context().newPage();
  await other.goto(`${gent.url}/#/today`);
  await other.getByRole('heading', { level: 1, name: 'Vandaag' }).waitFor();
  await page.getByRole('button', { name: /Lotte Vermeulen/ }).click();
  await page.getByRole('button', { name: 'Afmelden' }).click();
  await page.locator('input[name=login]').waitFor();
  await other.locator('input[name=login]').waitFor();
  await page.context().close();
});

test('what is not there is said, and leads on', async () => {
  const mieke = await gent.person('mieke', 'Mieke Aerts', ['worker', 'coordinator']);
  const page = await inside(browser, mieke, '#/does/not/exist');
  await page.getByRole('heading', { level: 1, name: 'Deze pagina is er niet' }).waitFor();
  for (const at of ['consultations', 'tables', 'trajectories']) {
    await visit(page, mieke, `#/${at}/${'0'.repeat(32)}`);
    await page.locator('.notice.bad').first().waitFor();
    assert.doesNotMatch(await page.locator('main').textContent(), /--|schakel [a-z]/, 'no command of a terminal');
  }
  assert.deepEqual(page.said, []);
  await page.context().close();
});

test('two administrators do not undo each other unseen', async () => {
  const ruben = await gent.person('ruben', 'Ruben Pauwels', ['administrator']);
  const page = await inside(browser, ruben, '#/administration');
  const { people } = await gent.get('/v1/people', { role: 'administrator' });
  const nora = people.find((one) => one.login === 'nora');
  await page.getByRole('button', { name: /Nora Peeters/ }).click();
  const dialog = page.getByRole('dialog');
  await dialog.locator('input[name=roles][value=coordinator]').check();
  await gent.post(`/v1/people/${nora.id}`, { name: 'Nora Peeters-Maes' }, { role: 'administrator' });
  await dialog.getByRole('button', { name: 'Bewaar' }).click();
  await dialog.locator('.notice.bad').waitFor();
  assert.equal(await dialog.locator('input[name=name]').inputValue(), 'Nora Peeters-Maes', 'what it is now');
  await accessible(page, 'a conflict');
  await shoot(page, 'conflict_desk_light_nl');
  await dialog.locator('input[name=roles][value=coordinator]').check();
  await dialog.getByRole('button', { name: 'Bewaar' }).click();
  await dialog.waitFor({ state: 'hidden' });
  const now = (await gent.get('/v1/people', { role: 'administrator' })).people.find((one) => one.login === 'nora');
  assert.deepEqual([now.name, now.roles.toSorted()], ['Nora Peeters-Maes', ['coordinator', 'worker']]);
  await page.context().close();
});

test('what is written while there is no line is kept, and goes when there is one', async () => {
  const els = await gent.person('els', 'Els Maes', ['worker', 'coordinator']);
  const page = await inside(browser, els, `#/consultations/new?trajectory=${facts.trajectory}`);
  const ask = async (words) => {
    await visit(page, els, `#/consultations/new?trajectory=${facts.trajectory}`);
    await page.locator('input[value=mental-health]').check();
    await page.locator('section.preview').getByText('Krijgt dit', { exact: true }).waitFor();
    await page.locator('textarea[name=question]').fill(words);
  };
  const send = () => page.getByRole('button', { name: /Stuur naar 1 organisatie/ }).click();
  // The hub is away: it waits in the agent, and the page says so.
  await region.stopOne('hub');
  await page.getByText('De hub is even niet bereikbaar').waitFor();
  await ask('Een vraag zonder hub.');
  await send();
  await page.getByText('wacht op de hub').first().waitFor();
  await region.startHub();
  await page.getByText('De hub is even niet bereikbaar').waitFor({ state: 'detached', timeout: 60_000 });
  await until('the question at the partner', async () => (await region.agent('kjp').get('/v1/inbox')).items.filter((one) => one.what === 'answer').length >= 2);
  // The agent itself is away: what was written stands there, and goes once, however often one presses.
  await ask('Een vraag zonder lijn.');
  await gent.stop();
  await send();
  await page.locator('form .notice.bad').waitFor({ timeout: 60_000 });
  assert.equal(await page.locator('textarea[name=question]').inputValue(), 'Een vraag zonder lijn.');
  await gent.start();
  await page.getByText('Geen verbinding met Schakel').waitFor({ state: 'detached', timeout: 60_000 });
  await send();
  await page.waitForURL(/#\/consultations\/[0-9a-f]{8,}/);
  const mine = (await gent.get('/v1/consultations', { person: 'Els Maes' })).consultations;
  assert.equal(new Set(mine.map((one) => one.id)).size, mine.length);
  await page.context().close();
});

test('a hub that is away is said, and what is said meanwhile waits', async () => {
  const page = await visitor(browser);
  await signIn(page, gent.url, lotte);
  await settled(page);
  await region.stopOne('hub');
  await page.getByText('De hub is even niet bereikbaar').waitFor();
  await shoot(page, 'hub-away_desk_light_nl');
  await region.startHub();
  await page.getByText('De hub is even niet bereikbaar').waitFor({ state: 'detached', timeout: 60_000 });
  // And the agent itself.
  await gent.stop();
  await page.getByText('Geen verbinding met Schakel').waitFor({ timeout: 60_000 });
  await gent.start();
  await page.getByText('Geen verbinding met Schakel').waitFor({ state: 'detached', timeout: 60_000 });
  await page.context().close();
});
