// Every form of what an organisation does besides, and of each method: filled in, sent, and what it made stands there. What the
// agent refuses is said at its field. Four organisations: who helps, psychiatry, CAW, and school support with its desk.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { inside, open, shoot, visit, widths } from './browser.mjs';
import { look } from './looks.mjs';
import { Region, until } from './region.mjs';
import { consent, four, join } from './story.mjs';

const lotte = { person: 'Lotte Vermeulen', role: 'coordinator' };
let region, browser, people, trajectory, other;
before(async () => {
  region = await Region.of(four);
  const gent = region.agent('gent');
  trajectory = await join(region, ['kjp', 'caw', 'clb']);
  other = (await gent.post('/v1/trajectories', { label: 'Jonas (12)' }, lotte)).trajectory;
  for (const to of ['gent', 'clb']) await consent(region, trajectory, to, ['education'], ['school']);
  for (const to of ['gent', 'caw']) {
    await consent(region, trajectory, to, ['adulthood'], ['identity', 'living', 'income', 'agreements']);
    await consent(region, trajectory, to, ['aftercare'], ['agreements']);
  }
  for (const [to, purpose] of [['clb', 'education'], ['caw', 'aftercare']]) {
    await until(`the grant of ${to}`, async () => (await region.agent(to).get(`/v1/trajectories/${trajectory}`)).grants.some((one) => one.purposes.includes(purpose)));
  }
  browser = await open();
  people = {};
  for (const [name, id, login, whole, roles] of [['lotte', 'gent', 'lotte', 'Lotte Vermeulen', ['worker', 'coordinator']], ['an', 'kjp', 'an', 'Dr. An Claes', ['worker', 'coordinator']], ['bart', 'clb', 'bart', 'Bart Wouters', ['worker', 'coordinator']]]) {
    const person = await region.agent(id).person(login, whole, roles);
    people[name] = { person, page: await inside(browser, person, '#/hub') };
    people[name].page.setDefaultTimeout(20_000);
  }
});
after(async () => {
  await browser?.close();
  await region?.end();
});

// A day, or a moment, as it is typed.
const ahead = (days) => Date.now() + days * 86_400_000;
const typed = (at) => new Intl.DateTimeFormat('nl-BE', { timeZone: 'Europe/Brussels' }).format(at);
async function moment(form, name, at, hour) {
  const both = form.locator('.both').filter({ has: form.page().locator(`[name="${name}"]`) });
  await both.locator('input').first().fill(typed(at));
  if (hour) await both.locator('input').nth(1).fill(hour);
}
// What stands in the table below a heading, or in the only one: rows of words.
const row = (page, words) => page.locator('main table tbody tr').filter({ hasText: words });
const there = (page, ...words) => words.reduce((rows, one) => rows.filter({ hasText: one }), page.locator('main table tbody tr')).first().waitFor();
const gone = (page, words) => row(page, words).first().waitFor({ state: 'detached' });
const press = (within, name) => within.getByRole('button', { name, exact: true }).click();
// A form in a dialog: opened, filled in, sent, and closed again by itself.
async function form(page, opener, fill, button = opener, from = page.locator('main')) {
  await from.getByRole('button', { name: opener, exact: typeof opener === 'string' && from !== page.locator('main') ? undefined : false }).first().click();
  const dialog = page.getByRole('dialog');
  await dialog.locator('form').waitFor();
  await fill?.(dialog);
  await press(dialog.locator('form'), button);
  await dialog.waitFor({ state: 'hidden' });
  // Who does not see it hears that it was done, and does not begin at the top again.
  await page.locator('[role=status] .toast').last().waitFor();
  await until('the focus is somewhere', () => page.evaluate(() => document.activeElement !== document.body));
}
// An act on a page of its own: what it asks, who receives it, and where it leads.
async function act(page, button, leads) {
  await page.locator('section.preview').getByText(/^\s*(Krijgt dit|Misschien)\s*$/).first().waitFor();
  await press(page.locator('main form'), button);
  await page.waitForURL(leads);
}
// Somewhere else one begins at its heading.
async function goes(name, at) {
  const { page, person } = people[name];
  await visit(page, person, at);
  await until('the heading has the focus', () => page.evaluate(() => document.activeElement !== document.body));
}
const scene = (name, play) =>
  test(name, async () => {
    try {
      await play(Object.fromEntries(Object.entries(people).map(([who, { page }]) => [who, page])));
    } catch (error) {
      for (const [who, { page }] of Object.entries(people)) await shoot(page, `failed-${name.replace(/\W+/g, '-').slice(0, 30)}-${who}`).catch(() => {});
      throw error;
    }
    for (const [who, { page }] of Object.entries(people)) assert.deepEqual(page.said.splice(0), [], who);
  });
// As it stands there, in each width and theme.
async function see(page, name) {
  await look(page, name, 'nl');
  await page.setViewportSize(widths.desk);
  await page.emulateMedia({ colorScheme: 'light' });
}
// What the agent refuses stands at its field, which has the focus.
async function refused(within, field, words) {
  await within.locator(`[name="${field}"][aria-invalid=true]`).waitFor();
  assert.equal(await within.page().evaluate(() => document.activeElement.name), field, 'the focus is where it is wrong');
  const said = await within.locator('.field.wrong .error').first().textContent();
  assert.match(said, words);
}

scene('a form of help that was written down wrong is put right', async ({ lotte: page }) => {
  const { record } = await region.agent('gent').post(`/v1/trajectories/${trajectory}/modules`, { module: 'ambulant', agreed: ['mother'], place: 'De Pas' }, lotte);
  await goes('lotte', `#/trajectories/${trajectory}/methods`);
  await page.getByRole('link', { name: 'Zet deze overgang recht' }).first().click();
  await page.locator('input[value=residential]').waitFor();
  assert.ok(page.url().includes(record));
  assert.equal(await page.locator('[name=place]').inputValue(), 'De Pas');
  await page.locator('input[value=residential]').check();
  await act(page, 'Bewaar de wijziging', /methods$/);
  await until('the form of help', async () => (await region.agent('gent').get(`/v1/trajectories/${trajectory}/modules`)).modules.at(-1).module === 'residential');
});

scene('a turn of duty', async ({ lotte: page }) => {
  await goes('lotte', '#/house/duty');
  await form(page, 'Iemand op de lijst zetten', async (dialog) => {
    await press(dialog.locator('form'), 'Iemand op de lijst zetten');
    await refused(dialog, 'person', /Vul dit in/);
    await dialog.locator('[name=person]').fill('Lotte Vermeulen');
    await moment(dialog, 'until', ahead(60), '18:00');
    await press(dialog.locator('form'), 'Iemand op de lijst zetten');
    await refused(dialog, 'until', /31|dagen/);
    await moment(dialog, 'until', ahead(3), '18:00');
  });
  await there(page, 'Lotte Vermeulen', '18:00', 'nu');
  await form(page, /^Van de lijst: /, undefined, 'Van de lijst');
  await page.getByText('Niemand staat op de lijst').waitFor();
});

scene('a visit: out, longer, and back', async ({ lotte: page }) => {
  await goes('lotte', '#/house/visits');
  await form(page, 'Op huisbezoek', async (dialog) => {
    await dialog.locator('[name=where]').fill('Kerkstraat 3');
    await dialog.getByLabel('1 uur', { exact: true }).check();
    await dialog.locator('[name=colleague]').fill('Niemand Bekend');
    await press(dialog.locator('form'), 'Ik vertrek');
    await refused(dialog, 'colleague', /./);
    await region.agent('gent').person('karim', 'Karim Daems', ['worker']);
    await dialog.locator('[name=colleague]').fill('Karim Daems');
  }, 'Ik vertrek');
  await there(page, 'Lotte Vermeulen', 'Kerkstraat 3', 'Karim Daems');
  const until_ = async () => row(page, 'Kerkstraat 3').locator('td').nth(1).textContent();
  const before = await until_();
  await form(page, /^Het duurt langer: /, (dialog) => dialog.getByLabel('2 uur', { exact: true }).check(), 'Het duurt langer');
  await until('a later hour', async () => (await until_()) !== before);
  await form(page, /^Afmelden: /, undefined, 'Afmelden');
  await until('it is over', async () => (await row(page, 'Kerkstraat 3').count()) === 0 || /terug|afgemeld/i.test(await row(page, 'Kerkstraat 3').first().textContent()));
});

scene('a partner, and a consultation with it that is planned, held and removed', async ({ lotte: page }) => {
  await goes('lotte', '#/partnerships');
  const partner = async (dialog) => {
    await dialog.locator('[name=name]').fill('Atheneum Gent');
    await dialog.locator('[name=kind][value=agreement]').check();
    await dialog.locator('[name=since]').fill('2019');
    await dialog.locator('[name=domains][value=school-work]').check();
    await dialog.locator('[name=contact]').fill('het secretariaat');
    await dialog.locator('[name=discreet]').check();
  };
  await form(page, 'Partner toevoegen', partner, 'Bewaar de wijziging');
  await there(page, 'Atheneum Gent', '2019', 'discreet', 'het secretariaat');
  await form(page, 'Wijzig: Atheneum Gent', (dialog) => dialog.locator('[name=discreet]').uncheck(), 'Bewaar de wijziging');
  await until('it is no longer apart', async () => !/discreet/.test(await row(page, 'Atheneum Gent').first().textContent()));
  await goes('lotte', '#/house/structural');
  await form(page, 'Overleg noteren', async (dialog) => {
    await dialog.locator('[name=partnership]').selectOption({ label: 'Atheneum Gent' });
    await dialog.locator('[name=level][value=staff]').check();
    await moment(dialog, 'day', Date.now());
    await dialog.locator('[name=state][value=planned]').check();
    await dialog.locator('[name=who]').fill('Lotte Vermeulen\nde directeur');
  });
  await there(page, 'Atheneum Gent', 'gepland', 'de directeur');
  await form(page, /^Wijzig: /, (dialog) => dialog.locator('[name=state][value=held]').check(), 'Bewaar de wijziging');
  await there(page, 'Atheneum Gent', 'gehouden');
  await there(page, 'staf', '1 van 3');
  await form(page, /^Verwijderen: /, undefined, 'Verwijderen');
  await gone(page, 'Atheneum Gent');
});

scene('an agreement in the register, and its end', async ({ lotte: page }) => {
  await goes('lotte', '#/house/register');
  await form(page, 'Afspraak noteren', async (dialog) => {
    await dialog.locator('[name=partnership]').selectOption({ label: 'Atheneum Gent' });
    await dialog.locator('[name=uses][value=crisis]').check();
  });
  await there(page, 'Atheneum Gent', 'crisis', 'loopt');
});

scene('an open day', async ({ lotte: page }) => {
  await goes('lotte', '#/house/opendays');
  await form(page, 'Kijkdag toevoegen', async (dialog) => {
    await moment(dialog, 'day', ahead(20));
    await dialog.locator('[name=hours]').fill('13 tot 16 u.');
    await dialog.locator('[name=place]').fill('De Pas');
    await dialog.locator('[name=organiser]').fill('Lotte Vermeulen');
    await dialog.locator('[name=text]').fill('Met soep.');
  });
  await there(page, '13 tot 16 u.', 'De Pas', 'Met soep.');
  await form(page, /^Wijzig: /, (dialog) => dialog.locator('[name=text]').fill(''), 'Bewaar de wijziging');
  await until('what is taken away is away', async () => !/Met soep/.test(await row(page, 'De Pas').first().textContent()));
  await form(page, /^Verwijderen: /, undefined, 'Verwijderen');
  await page.getByText('Geen kijkdagen').waitFor();
});

scene('a group of parents, and who came', async ({ lotte: page }) => {
  await goes('lotte', '#/house/parents');
  await form(page, 'Groep beginnen', (dialog) => dialog.locator('[name=name]').fill('Ouders onder elkaar'));
  await row(page, 'Ouders onder elkaar').getByRole('link').click();
  await page.getByRole('heading', { level: 2, name: 'Ouders onder elkaar' }).waitFor();
  await form(page, 'Bijeenkomst noteren', async (dialog) => {
    await dialog.locator('[name=theme]').fill('Grenzen stellen');
    await dialog.locator('[name=attendees]').fill('Zon\nFamilie Maan 3');
  });
  await there(page, 'Grenzen stellen', '4', 'Zon', 'Familie Maan: 3');
  await form(page, /^Wijzig: /, (dialog) => dialog.locator('[name=theme]').fill('Samen eten'), 'Bewaar de wijziging');
  await there(page, 'Samen eten', 'Familie Maan: 3');
  await goes('lotte', '#/house/parents');
  await form(page, 'Wijzig: Ouders onder elkaar', (dialog) => dialog.locator('[name=ended]').check(), 'Bewaar de wijziging');
  await there(page, 'Ouders onder elkaar', 'afgelopen');
  await row(page, 'Ouders onder elkaar').getByRole('link').click();
  await there(page, 'Samen eten');
  assert.equal(await page.getByRole('button', { name: 'Bijeenkomst noteren' }).count(), 0, 'what is over takes no more');
});

scene('a trajectory that belongs to this one', async ({ lotte: page }) => {
  await goes('lotte', `#/trajectories/${trajectory}/later`);
  await page.getByRole('button', { name: 'Traject verbinden' }).click();
  const dialog = page.getByRole('dialog').first();
  await dialog.getByRole('button', { name: /Het andere traject/ }).click();
  await page.getByRole('dialog').last().getByRole('button', { name: /Jonas \(12\)/ }).click();
  await dialog.locator('[name=relation][value=sibling]').check();
  await press(dialog.locator('form'), 'Traject verbinden');
  await dialog.waitFor({ state: 'hidden' });
  await there(page, 'Jonas (12)', 'broer of zus');
  await goes('lotte', `#/trajectories/${other}/later`);
  await there(page, 'Milan (17)');
  await form(page, /^Losmaken: /, undefined, 'Losmaken');
  await gone(page, 'Milan (17)');
});

scene('trouble at school, reported to a desk that follows it to its end', async ({ lotte: page, bart }) => {
  const report = async (words) => {
    await goes('lotte', `#/trajectories/${trajectory}/do/school-report`);
    await page.locator('[name=desk][value=clb]').check();
    await page.locator('[name=trouble][value=refusal]').check();
    await page.locator('[name=text]').fill(words);
  };
  await report('Hij komt al drie weken niet meer binnen.');
  await act(page, 'Meld het', /\/later/);
  await there(page, 'CLB Gent');
  // The same trouble, to the same desk: that is told, and whoever says that it is another reports it all the same.
  await report('Ook op de andere campus.');
  await press(page.locator('main form'), 'Meld het');
  await page.locator('form .notice.bad, [aria-invalid=true]').first().waitFor();
  await page.locator('[name=another]').check();
  await act(page, 'Meld het', /\/later/);
  await until('two reports', async () => (await row(page, 'CLB Gent').count()) === 2);
  // At the desk.
  await goes('bart', '#/house/school');
  await there(bart, 'Contextbegeleiding Gent');
  await see(bart, 'methods-school-desk');
  await row(bart, 'Contextbegeleiding Gent').getByRole('link').first().click();
  await there(bart, 'Hij komt al drie weken niet meer binnen.');
  const step = async (which, fill) => {
    await bart.getByRole('link', { name: 'Volgende stap' }).click();
    await bart.locator(`[name=step][value=${which}]`).check();
    await fill?.();
    if (which === 'dispatched') await see(bart, 'methods-school-step');
    await act(bart, 'Leg de stap vast', /\/later/);
    await bart.goBack();
    await bart.goBack();
    await bart.getByRole('heading', { name: 'Stappen' }).waitFor();
  };
  await step('taken-up');
  await step('dispatched', () => bart.locator('[name=coach]').fill('Ria Smets'));
  await there(bart, 'Ria Smets');
  await see(bart, 'methods-school-report');
  await step('coached', () => bart.locator('[name=coach]').fill('Ria Smets'));
  assert.equal(await bart.getByRole('link', { name: 'Volgende stap' }).count(), 0, 'after the end there is no step');
  await goes('bart', '#/house/school?show=ended');
  await there(bart, 'Contextbegeleiding Gent', 'begeleid');
  // And who reported it reads how it ended.
  await goes('lotte', `#/trajectories/${trajectory}/later`);
  await there(page, 'CLB Gent', 'begeleid');
});

scene('a contact after the help, kept and ended', async ({ lotte: page }) => {
  await goes('lotte', `#/trajectories/${trajectory}/do/aftercare-contact`);
  await page.locator('[name=who]').fill('Milan');
  await page.locator('[name=how][value=phone]').check();
  await moment(page.locator('main form'), 'at', ahead(10), '16:00');
  await page.locator('[name=every_weeks]').fill('4');
  await page.getByLabel(/^Contextbegeleiding Gent/).check();
  await page.locator('[name=text]').fill('Eens horen hoe het gaat.');
  await act(page, 'Leg de afspraak vast', /\/later/);
  await there(page, 'Milan', 'om de 4 weken', 'Eens horen hoe het gaat.');
  await row(page, 'Eens horen').getByRole('link', { name: /Het contact is geweest/ }).click();
  await page.locator('[name=minutes]').fill('15');
  await page.locator('[name=with][value=young-person]').check();
  await act(page, 'Noteer het contact', /\/later/);
  await row(page, 'Eens horen').getByRole('link', { name: /Wijzig/ }).click();
  await page.locator('[name=ended]').check();
  await act(page, 'Bewaar de wijziging', /\/later/);
  await there(page, 'Eens horen', 'gestopt');
});

scene('the plan for adulthood', async ({ lotte: page }) => {
  await goes('lotte', `#/trajectories/${trajectory}/do/adulthood-plan`);
  await moment(page.locator('main form'), 'of_age_at', ahead(200));
  await page.locator('[name=receiver]').selectOption('caw');
  await page.getByLabel('– hoe ver staat het?').first().selectOption('agreed');
  await page.getByLabel('– wat is afgesproken?').first().fill('Een studio via het CAW.');
  await page.getByLabel('– wie doet het?').first().fill('Joris');
  await page.getByLabel('Iets anders – hoe ver staat het?').selectOption('arranged');
  await page.getByLabel('Iets anders – welk levensdomein?').fill('De hond');
  await page.getByLabel('Iets anders – wat is afgesproken?').fill('Die mag mee.');
  await act(page, 'Bewaar het plan', /\/later/);
  await there(page, 'Een studio via het CAW.', 'Joris', 'afgesproken');
  await there(page, 'De hond', 'Die mag mee.', 'in orde');
  await row(page, 'CAW Oost-Vlaanderen').getByRole('link', { name: /^Wijzig/ }).click();
  assert.equal(await page.getByLabel('De hond – wat is afgesproken?').inputValue(), 'Die mag mee.');
  await page.getByLabel('De hond – wat is afgesproken?').fill('Die gaat naar oma.');
  await act(page, 'Bewaar de wijziging', /\/later/);
  await there(page, 'De hond', 'Die gaat naar oma.');
  await see(page, 'methods-later');
});

scene('a case to learn from: what tells who it is about is refused, at its field', async ({ lotte: page, an }) => {
  await goes('lotte', '#/house/do/learning-case');
  await page.locator('[name=title]').fill('Wachten op een plaats');
  await page.locator('[name=text]').fill('Wij belden met Milan en zijn moeder, 0470 12 34 56.');
  await page.locator('[name=learned]').fill('Bel eerst, schrijf dan.');
  await page.locator('[name=themes]').fill('wachten\nsamenwerken');
  await page.locator('section.preview').getByText(/^\s*(Krijgt dit|Misschien)\s*$/).first().waitFor();
  await press(page.locator('main form'), 'Deel de casus');
  await refused(page.locator('main form'), 'text', /./);
  assert.match(await page.locator('.notice.warn').first().textContent(), /0470 12 34 56|Milan/, 'it says what it found');
  await page.locator('[name=text]').fill('Wij belden met de jongere en het gezin.');
  await act(page, 'Deel de casus', /\/house\/learning/);
  await there(page, 'Wachten op een plaats', 'wachten');
  await goes('an', '#/house/learning');
  await row(an, 'Wachten op een plaats').getByRole('link').click();
  await there(an, 'Wij belden met de jongere en het gezin.', 'Bel eerst, schrijf dan.');
  await see(an, 'methods-learning-case');
  await an.getByRole('link', { name: 'Zeg er iets bij' }).click();
  await an.locator('[name=text]').fill('Dat hielp bij ons ook.');
  await act(an, 'Zeg er iets bij', /\/house\/learning\/[0-9a-f]+$/);
  await there(an, 'Dat hielp bij ons ook.');
  // Taken back, it is gone there too.
  await row(page, 'Wachten op een plaats').getByRole('link').click();
  await page.getByRole('link', { name: 'Neem de casus terug' }).click();
  await act(page, 'Neem de casus terug', /\/house\/learning/);
  await an.getByText('Wij belden met de jongere en het gezin.').waitFor({ state: 'detached' });
});

scene('a place: offered, asked for, promised, and who comes', async ({ lotte: page, an }) => {
  await goes('lotte', '#/places/new');
  await page.locator('[name=kind][value=time-out]').check();
  await page.locator('[name=title]').fill('De Pas, aan het bos');
  await page.locator('[name=text]').fill('Een rustig huis met dieren.');
  await moment(page.locator('main form'), 'ends_at', ahead(60));
  await act(page, 'Bied aan', /\/places/);
  const { places } = await until('the offer at the partner', async () => {
    const found = await region.agent('kjp').get('/v1/places');
    return found.places.length > 0 && found;
  });
  await goes('an', `#/places/do/place-ask?item=${places[0].id}`);
  await an.locator('[name=needs]').fill('Rust, weg van thuis.');
  await moment(an.locator('main form'), 'ends_at', ahead(14));
  await act(an, 'Vraag deze plaats', /\/places\//);
  await until('the question', async () => (await region.agent('gent').get(`/v1/places/${places[0].id}`, lotte)).holds.length > 0);
  await goes('lotte', `#/places/${places[0].id}`);
  await page.getByRole('link', { name: /^Antwoord/ }).first().click();
  await page.locator('[name=agreed][value=yes]').check();
  await act(page, 'Antwoord', /\/places\?/);
  await goes('an', `#/places/${places[0].id}`);
  await an.locator('summary').filter({ hasText: /./ }).first().click();
  await an.getByRole('link', { name: 'Zeg wie er komt' }).click();
  await an.locator('[name=name]').fill('Noor V.');
  await an.locator('[name=needs]').fill('Geen noten.');
  await an.locator('[name=agreed_by][value=young-person]').check();
  await act(an, 'Geef door', /\/places/);
  await goes('lotte', `#/places/${places[0].id}`);
  await page.locator('summary').first().click();
  await there(page, 'Noor V.', 'Geen noten.');
  await see(page, 'methods-place-who-comes');
});
