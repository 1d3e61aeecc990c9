// What the web page costs a person at an agent with many trajectories: how soon it can be used, and how soon it answers.
//   node tests/bench/web.mjs [TRAJECTORIES [RUNS]]
// Prints TSV as tests/bench/run does (name, parameters, median, unit, lowest, highest). Chromium, agent and hub run on this
// machine; what is measured is in the page: from the address to the list that can be clicked, and from a key or a click
// to the frame that shows what it did. Exits 1 when the first page takes a second or more, or an answer 100 ms.
import { open, inside, settled, visitor } from '../web/browser.mjs';
import { Region } from '../web/region.mjs';
import { organisations, tell } from '../web/story.mjs';

const many = Number(process.argv[2] ?? 5000);
const runs = Number(process.argv[3] ?? 5);
const limits = { 'web first page': 1000, 'web answer': 100 };
let over = false;

const middle = (list) => [...list].sort((one, other) => one - other)[Math.floor(list.length / 2)];
function tellOf(name, what, values) {
  const median = middle(values);
  const limit = limits[name];
  if (limit !== undefined && median >= limit) over = true;
  console.log([name, what, median.toFixed(0), 'ms', Math.min(...values).toFixed(0), Math.max(...values).toFixed(0)].join('\t'));
}

async function fill(agent) {
  const batch = 1000;
  for (let made = 0; made < many; made += batch) {
    const rows = Array.from({ length: Math.min(batch, many - made) }, (_, i) => `k${made + i},Jongere ${made + i} (${12 + ((made + i) % 7)})`);
    await agent.post('/v1/import/trajectories', { csv: ['key,label', ...rows].join('\n') }, { person: 'Lotte Vermeulen', role: 'coordinator', wait: 0 });
  }
}

// From the address to what one came for: the heading, and the first thing in the list that can be clicked.
async function firstPage(page, url, thing) {
  const begun = performance.now();
  await page.goto(url, { waitUntil: 'commit' });
  await page.locator(thing).first().waitFor();
  return performance.now() - begun;
}
// What a key or a click does, until the frame after it is shown (Event Timing), and until what it leads to stands there.
async function answers(page, act) {
  await page.evaluate(() => {
    window.took = 0;
    window.watch?.disconnect();
    window.watch = new PerformanceObserver((list) => {
      for (const one of list.getEntries()) if (one.interactionId) window.took = Math.max(window.took, one.duration);
    });
    window.watch.observe({ type: 'event', durationThreshold: 16 });
  });
  await act();
  // Two frames later its entry is there.
  return page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => done(window.took), 0)))));
}

const region = await Region.of(organisations);
let browser;
try {
  const agent = region.agent('gent');
  const facts = await tell(region);
  const begun = performance.now();
  await fill(agent);
  console.error(`# ${many} trajectories imported in ${((performance.now() - begun) / 1000).toFixed(0)} s`);
  const lotte = await agent.person('lotte', 'Lotte Vermeulen', ['worker', 'coordinator']);
  browser = await open();

  const places = { today: 'main .sk-list a', trajectories: 'main .sk-list a' };
  for (const [place, thing] of Object.entries(places)) {
    const cold = [];
    const warm = [];
    for (let i = 0; i < runs; i++) {
      const page = await visitor(browser);
      await page.context().addCookies([{ name: '__Host-schakel', value: lotte.session, url: agent.url, secure: true, httpOnly: true, sameSite: 'Strict' }]);
      cold.push(await firstPage(page, `${agent.url}/#/${place}`, thing));
      await page.goto('about:blank');
      warm.push(await firstPage(page, `${agent.url}/#/${place}`, thing));
      await page.context().close();
    }
    tellOf('web first page', `${place}, nothing kept by the browser, ${many} trajectories`, cold);
    tellOf('web first page', `${place}, again, ${many} trajectories`, warm);
  }

  const page = await inside(browser, lotte);
  const acts = {
    'open the list of trajectories': () => page.locator('nav a[href="#/trajectories"]').first().click(),
    'a letter in its search': () => page.locator('main input[type=search]').press('J'),
    'open a trajectory': () => page.locator('main .sk-list a').first().click(),
    'another part of it': () => page.locator('a[href$="/consent"]').first().click(),
    'a letter in a form': () => page.locator('textarea[name=question]').press('H'),
    'a choice in a form': () => page.locator('input[name=categories]').first().click(),
  };
  const took = Object.fromEntries(Object.keys(acts).map((name) => [name, []]));
  for (let i = 0; i < runs; i++) {
    await page.goto(`${agent.url}/#/today`);
    await settled(page);
    for (const [name, act] of Object.entries(acts)) {
      if (name === 'a letter in a form') {
        await page.goto(`${agent.url}/#/consultations/new?trajectory=${facts.trajectory}`);
        await page.locator('textarea[name=question]').waitFor();
      }
      if (name === 'a choice in a form') await page.locator('input[name=categories]').first().setChecked(false);
      took[name].push(await answers(page, act));
      await settled(page);
    }
  }
  for (const [name, values] of Object.entries(took)) tellOf('web answer', name, values);

  // And until what was asked for stands there, the agent's answer included.
  const whole = [];
  for (let i = 0; i < runs; i++) {
    await page.goto(`${agent.url}/#/trajectories`);
    await page.locator('main .sk-list a').first().waitFor();
    const start = performance.now();
    await page.locator('main .sk-list a').first().click();
    await page.locator('main [role=tablist], main nav').first().waitFor();
    whole.push(performance.now() - start);
  }
  tellOf('web whole answer', 'a trajectory from the list', whole);
} finally {
  await browser?.close();
  await region.end();
}
process.exitCode = over ? 1 : 0;
