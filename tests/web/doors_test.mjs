// The links of deploy/demo: each logs somebody in straight away, beside the others in the same browser.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { open, settled, shoot, visitor } from './browser.mjs';
import { freePort, Region, source, until } from './region.mjs';
import { organisations, tell } from './story.mjs';

let region, browser, links, port;
before(async () => {
  region = await Region.of(organisations.map((one) => ({ ...one, plain: true })));
  const facts = await tell(region);
  const [gent, kjp] = [region.agent('gent'), region.agent('kjp')];
  const { guests } = await gent.get(`/v1/tables/${facts.table}/guests`, { person: 'Lotte Vermeulen' });
  const line = (host, role, name, agent, more = '') => `${host}|${role}|${name}|${agent.name}|${agent.socket}|${agent.port}${more}\n`;
  const people = join(region.folder, 'doors.txt');
  writeFileSync(
    people,
    line('lotte', 'worker', 'Lotte Vermeulen', gent) + line('inge', 'coordinator', 'Inge Callens', gent) + line('greet', 'auditor', 'Greet Aerts', gent) +
      line('ruben', 'administrator', 'Ruben Pauwels', gent) + line('an', 'worker+coordinator', 'Dr. An Claes', kjp) + line('milan', 'guest', `${facts.table}/${guests[0].id}`, gent, '|Lotte Vermeulen'),
  );
  const made = join(region.folder, 'links.txt');
  port = await freePort();
  region.spawn('doors', 'python3', ['-B', join(source, 'deploy/story/doors.py'), '--port', String(port), '--people', people, '--links', made]);
  await until('the links', () => existsSync(made));
  links = Object.fromEntries(readFileSync(made, 'utf8').trim().split('\n').map((row) => row.split('\t')).map(([role, name, , link]) => [new URL(link).hostname.split('.')[0], { role, name, link }]));
  browser = await open();
});
after(async () => {
  await browser?.close();
  await region?.end();
});
const enter = async (page, who) => {
  await page.goto(links[who].link);
  await page.locator('main h1').first().waitFor();
  await settled(page);
};

test('each link leads into the page of that role, all of them beside one another in one browser', async () => {
  const first = await visitor(browser);
  const pages = {};
  for (const who of Object.keys(links)) {
    pages[who] = who === 'lotte' ? first : await first.context().newPage();
    await enter(pages[who], who);
  }
  const arrives = { lotte: 'Vandaag', inge: 'Vandaag', greet: 'Trajecten', ruben: 'Beheer', an: 'Vandaag', milan: 'Dag Milan' };
  for (const [who, heading] of Object.entries(arrives)) {
    await pages[who].reload(); // Nobody took the place of anybody.
    await pages[who].getByRole('heading', { level: 1, name: heading }).waitFor();
    if (who !== 'milan') await pages[who].getByRole('button', { name: links[who].name }).first().waitFor();
    assert.equal(new URL(pages[who].url()).hostname, `${who}.localhost`);
    await shoot(pages[who], `door-${who}_desk_light_nl`);
  }
  assert.deepEqual(first.said, []);
  await first.context().close();
});

test('who signed out is let in again by the same link, twice within one code', async () => {
  const page = await visitor(browser);
  for (let i = 0; i < 2; i++) {
    await enter(page, 'an');
    await page.getByRole('heading', { level: 1, name: 'Vandaag' }).waitFor({ timeout: 60_000 });
    await page.getByRole('button', { name: /An Claes/ }).click();
    await page.getByRole('button', { name: 'Afmelden' }).click();
    await page.locator('input[name=login]').waitFor();
  }
  await page.context().close();
});

test('nothing is opened under another name, with another key, or by who only knows the address', async () => {
  const { link } = links.lotte;
  const path = new URL(link).pathname;
  for (const [url, host] of [
    [`http://127.0.0.1:${port}${path}`, `127.0.0.1:${port}`],
    [`http://127.0.0.1:${port}/`, `lotte.localhost:${port}`],
    [`http://127.0.0.1:${port}${path}x`, `lotte.localhost:${port}`],
  ]) {
    const { status, headers } = await region.knock(url, host);
    assert.equal(status, 404, url + host);
    assert.equal(headers['set-cookie'], undefined);
  }
  assert.equal((await region.knock(`http://127.0.0.1:${port}${path}`, `lotte.localhost:${port}`)).status, 303);
});
