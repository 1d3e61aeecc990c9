// What stands in the agents before a page is opened: partners, trajectories, questions that wait.
import { until } from './region.mjs';

const month = 30 * 86_400_000;
const in_ = (ms) => new Date(Date.now() + ms).toISOString().replace(/\.\d+Z/, 'Z');
export const wordsOfTheCase = /Milan|Noor|Yassin|Elke|Traject 12|slaap|terecht|Claes/i;
const lotte = { person: 'Lotte Vermeulen', role: 'coordinator' };

export const four = [
  { id: 'gent', name: 'Contextbegeleiding Gent', sector: 'youth-care' },
  { id: 'kjp', name: 'Jeugdpsychiatrie De Brug', sector: 'psychiatry' },
  { id: 'caw', name: 'CAW Oost-Vlaanderen', sector: 'general-welfare' },
  { id: 'clb', name: 'CLB Gent', sector: 'school-support' },
];
export const organisations = four.slice(0, 2);

// What Milan agreed to, said to Lotte.
export async function consent(region, trajectory, organisation, purposes, categories) {
  await region.agent('gent').post(
    `/v1/trajectories/${trajectory}/grants`,
    {
      organisation, purposes, categories, begins_at: in_(-60_000), ends_at: in_(6 * month),
      basis: 'consent', grantor: 'young-person', oral: true, consented_by: 'Milan (17)', how: 'gesprek op de kamer', witness: 'Karim Daems',
    },
    lotte,
  );
}

// A trajectory of Milan, led in Gent, in which all of these take part and know of one another.
export async function join(region, partners, purposes = ['consultation', 'care-coordination', 'round-table'], categories = ['living', 'goals', 'agreements', 'meeting', 'own-voice']) {
  const gent = region.agent('gent');
  const { trajectory } = await gent.post('/v1/trajectories', { label: 'Milan (17)', module: 'mobile' }, lotte);
  const joined = async (id) => (await gent.get(`/v1/trajectories/${trajectory}`)).members.some((one) => one.organisation.id === id && one.status === 'joined');
  for (const id of partners) await gent.post(`/v1/trajectories/${trajectory}/invitations`, { organisation: id, label: 'Traject 12', message: 'Graag uw mee denken.' }, lotte);
  for (const id of partners) {
    const agent = region.agent(id);
    await until(`the invitation of ${id}`, async () => (await agent.get('/v1/invitations')).invitations.length > 0);
    await agent.post(`/v1/trajectories/${trajectory}/join`, { message: 'Wij doen mee.' }, { person: 'Dr. An Claes' });
    await until(`the membership of ${id}`, () => joined(id));
  }
  for (const [i, member] of partners.entries()) {
    for (const to of partners.slice(i + 1)) await gent.post(`/v1/trajectories/${trajectory}/introductions`, { member, to, both: true }, lotte);
  }
  // What the partners may know, and what the lead may hear from them.
  for (const organisation of [...partners, 'gent']) await consent(region, trajectory, organisation, purposes, categories);
  for (const id of partners) await until(`the grant of ${id}`, async () => (await region.agent(id).get(`/v1/trajectories/${trajectory}`)).grants.length > 0);
  return trajectory;
}

// A question each way, and trajectories of others.
export async function tell(region) {
  const [gent, kjp] = [region.agent('gent'), region.agent('kjp')];
  const trajectory = await join(region, ['kjp'], ['consultation', 'care-coordination', 'round-table'], ['mental-health', 'living', 'own-voice', 'meeting']);
  const asked = await kjp.post('/v1/consultations', { trajectory, subject: 'Slaap', question: 'Hoe slaapt hij de laatste weken?', categories: ['living'], urgency: 'soon', answer_by: in_(3 * 86_400_000), to: ['gent'] }, { person: 'Dr. An Claes' });
  await gent.post('/v1/consultations', { trajectory, question: 'Kan hij op korte termijn terecht?', categories: ['mental-health'], answer_by: in_(2 * 86_400_000), to: ['kjp'] }, lotte);
  await until('the question', async () => (await kjp.get('/v1/inbox')).items.some((one) => one.what === 'answer'));
  await until('our question', async () => (await gent.get('/v1/inbox', lotte)).items.some((one) => one.what === 'answer'));
  const soon = (days, hours) => in_(days * 86_400_000 + hours * 3_600_000);
  const table = await gent.post(`/v1/trajectories/${trajectory}/tables`, { title: 'Ronde tafel: eerste maand thuis', place: 'bij Milan thuis', slots: [{ begins_at: soon(5, 0), ends_at: soon(5, 2) }, { begins_at: soon(7, 0), ends_at: soon(7, 2) }] }, lotte);
  const guest = await gent.post(`/v1/tables/${table.record}/guests`, { name: 'Milan', who: 'young-person' }, lotte);
  for (const label of ['Noor (15)', 'Yassin (16)', 'Traject van Elke']) await gent.post('/v1/trajectories', { label }, lotte);
  return { trajectory, consultation: asked.record, table: table.record, guest: guest.record };
}

// A family of three generations and whoever else is near, as Milan and his mother see them; his life so far, with a gap. Yields
// one of each.
async function drawNetwork(gent, trajectory) {
  const say = async (what, body) => (await gent.post(`/v1/trajectories/${trajectory}/${what}`, body, lotte)).record;
  const figure = (name, ring, more = {}) => say('figures', { name, kind: 'person', ring, ...more });
  const mother = await figure('Elke', 'household', { gender: 'woman', born: '1984', role: 'moeder', key: true });
  const father = await figure('Bart', 'family', { gender: 'man', born: '1981', role: 'vader', key: true });
  const brother = await figure('Jonas', 'household', { gender: 'man', born: '2013', role: 'broer' });
  const grandmother = await figure('Oma Rita', 'family', { gender: 'woman', born: '1956', role: 'grootmoeder', key: true });
  const grandfather = await figure('Opa Frans', 'family', { gender: 'man', born: '1953', deceased: true, died: '2022' });
  const friend = await figure('Kobe', 'friends', { gender: 'man' });
  const school = await figure('Atheneum', 'school-work', { kind: 'institution', domain: 'school-work' });
  const bank = await figure('Bank', 'services', { kind: 'institution', domain: 'money' });
  let kinship, event, torn;
  for (const [a, b, how] of [[mother, 'young-person', 'biological'], [father, 'young-person', 'biological'], [mother, brother, 'biological'], [grandmother, mother, 'biological'], [grandfather, mother, 'biological']]) {
    kinship = await say('kinships', { relation: 'parent', a, b, how });
  }
  await say('kinships', { relation: 'partners', a: mother, b: father, how: 'divorced', began: '2008', ended: '2019' });
  await say('kinships', { relation: 'partners', a: grandmother, b: grandfather, how: 'married', began: '1979' });
  const ties = [[mother, 'ambivalent', 2, 'both'], [father, 'broken', 1, 'from'], [brother, 'positive', 3, 'both'], [grandmother, 'positive', 3, 'both'], [friend, 'positive', 2, 'to'], [school, 'broken', 1, 'both'], [bank, 'none', 1, 'both']];
  for (const [of, quality, strength, direction] of ties) {
    const tie = await say('ties', { figure: of, informant: 'young-person', quality, strength, direction });
    if (of === school) torn = tie;
  }
  await say('ties', { figure: father, informant: 'mother', quality: 'negative', strength: 2 });
  const years = [['stay', 'Thuis', '2009-03', '2021-06'], ['stay', 'De Pas', '2021-09', ''], ['school', 'Basisschool', '2015-09', '2021-06'], ['help', 'Thuisbegeleiding', '2019-02', '2021-09'], ['family', 'Opa Frans gestorven', '2022-05-04', '2022-05-04']];
  for (const [lane, title, begins, ends] of years) event = await say('lifeline', { lane, title, begins, ends });
  const circular = await say('circular', { asked: 'mother', figure: 'young-person', question: 'Wat zou Milan nu het liefst willen?', guess: 'Dat wij samen eten.' });
  await say('intake', { domain: 'living', strengths: ['Hij kookt graag.'], needs: ['Een eigen kamer.'] });
  await gent.post('/v1/partnerships', { name: 'Atheneum', kind: 'agreement', quality: 'positive', domains: ['school-work'] }, lotte);
  return { figure: mother, kinship, event, circular, torn };
}

// Two conferences that the partner coordinates: of one the family is among itself, of the other its plan is there. By its link a
// guest hands it over.
async function confer(region, trajectory) {
  const [gent, kjp] = [region.agent('gent'), region.agent('kjp')];
  const an = { person: 'Dr. An Claes', role: 'coordinator' };
  const begin = async (title, question) => {
    const table = (await kjp.post(`/v1/trajectories/${trajectory}/tables`, { title, slots: [{ begins_at: in_(9 * 86_400_000), ends_at: in_(9.1 * 86_400_000) }] }, an)).record;
    const guest = (await kjp.post(`/v1/tables/${table}/guests`, { name: 'Elke', who: 'mother' }, an)).record;
    const conference = (await kjp.post(`/v1/trajectories/${trajectory}/conferences`, { table, coordinator: 'Ria', question }, an)).record;
    const { link } = await kjp.post(`/v1/tables/${table}/guests/${guest}/link`, {}, an); // Before the family is among itself.
    await kjp.post(`/v1/conferences/${conference}/phase`, { phase: 'private' }, an);
    return { conference, link };
  };
  const { conference } = await begin('Met de familie', 'Wie is er in het weekend thuis?');
  const other = await begin('Eigen Kracht', 'Waar kan hij wonen?');
  await kjp.post(`/v1/conferences/${other.conference}/phase`, { phase: 'plan' }, an);
  const token = other.link.split('/').at(-1);
  const ask = async (path, body, headers = {}) => {
    const answer = await region.fetch(`${kjp.url}${path}`, { method: 'POST', headers: { 'Content-Type': 'application/json', ...headers }, body: JSON.stringify(body) });
    if (answer.status >= 300) throw new Error(`${path}: ${answer.status} ${answer.text}`);
    return { json: JSON.parse(answer.text), cookie: answer.headers['set-cookie']?.[0]?.split(';')[0] };
  };
  const { json, cookie } = await ask('/v1/guest/session', { token });
  await ask('/v1/guest/conference/plan', { text: 'In de week bij tante Mia.' }, { Cookie: cookie, 'Schakel-CSRF': json.csrf, 'Idempotency-Key': 'f'.repeat(32) });
  const plan = await until('the plan of the family', async () => (await gent.get(`/v1/trajectories/${trajectory}/conferences`, lotte)).conferences.flatMap((one) => one.plans)[0]);
  return { conference, plan: plan.id };
}

// What the organisation does besides: with partners, with parents, on the road. Yields the group of parents.
async function keepHouse(gent) {
  const { partnerships } = await gent.get('/v1/partnerships', lotte);
  const partnership = partnerships[0].id;
  const [today, year] = [new Date().toISOString().slice(0, 10), new Date().getFullYear()];
  await gent.post(`/v1/partnerships/${partnership}/agreements`, { uses: ['crisis', 'school'], contact: 'secretariaat 09 000 00 00', turn: 1 }, lotte);
  for (const [level, day, state] of [['workers', today, 'held'], ['staff', `${year}-12-31`, 'planned'], ['direction', `${year - 1}-03-02`, 'held']]) {
    await gent.post('/v1/structural-consultations', { partnership, level, day, state, who: ['Lotte Vermeulen'], notes: 'Wij leerden elkaar kennen.' }, lotte);
  }
  await gent.post('/v1/duty/turns', { person: 'Lotte Vermeulen', until: in_(3 * 86_400_000) }, lotte);
  const { id } = await gent.post('/v1/parents-groups', { name: 'Ouders onder elkaar' }, lotte);
  await gent.post(`/v1/parents-groups/${id}/sessions`, { day: today, theme: 'Grenzen stellen', attendees: [{ name: 'Zon' }, { name: 'Familie Maan', count: 3 }] }, lotte);
  return id;
}

// And what else a page may show: a dossier that is filled, something sealed, a trajectory that is closed and about to be
// erased. Yields what the pages about them are asked with.
export async function fill(region, { trajectory }) {
  const [gent, kjp] = [region.agent('gent'), region.agent('kjp')];
  const categories = ['goals', 'agreements', 'identity'];
  const drawn = await drawNetwork(gent, trajectory);
  for (const organisation of ['kjp', 'gent']) await consent(region, trajectory, organisation, ['care-coordination'], categories);
  await consent(region, trajectory, 'gent', ['aftercare'], ['agreements']);
  const say = async (what, body, agent = gent, by = lotte) => (await agent.post(`/v1/trajectories/${trajectory}/${what}`, body, by)).record;
  const said = {
    goal: await say('goals', { text: 'Hij slaapt door.', owners: ['gent'], with: 'Milan', to: ['kjp'] }),
    criterion: await say('criteria', { whose: 'parents', text: 'Hij is elke avond thuis.', to: ['kjp'] }),
    action: await say('actions', { text: 'Bellen met de school.', owner: 'gent', due_at: in_(4 * 86_400_000), to: ['kjp'] }),
    commitment: await say('commitments', { text: 'Wij bellen eerst Milan zelf.', parties: ['gent', 'kjp'], to: ['kjp'] }),
    persons: await say('commitments', { text: 'Wij eten op zondag samen.', parties: ['gent'], persons: ['young-person', 'mother', 'other'], other: 'Tante Mia' }),
    hearing: await say('hearings', { at: in_(20 * 86_400_000), court: 'Jeugdrechtbank Gent', text: 'Om 9 uur, zaal 3.' }),
    referral: await say('referrals', { organisation: 'kjp', question: 'Kan hij bij u terecht voor een gesprek per week?', categories: ['living'], expires_at: in_(10 * 86_400_000) }),
    adulthood: await say('adulthood', { of_age_at: in_(7 * month), domains: [{ title: 'De hond', agreed: 'Die mag mee.', who: 'Elke', state: 'agreed' }], text: 'Samen besproken.' }),
    request: await say('requests', { who: 'young-person', words: 'Ik wil naar huis.', to: ['kjp'] }),
    note: await say('notes', { title: 'Nachten', text: 'Hij slaapt slecht.', categories: ['living'], to: ['kjp'] }),
    alerting: await say('agreements', { about: 'running-away', text: 'Wij bellen meteen.', partner: 'kjp', alert_fields: ['name', 'last-seen-at', 'last-seen-place'] }),
    contact: await say('contacts', { how: 'home-visit', face_to_face: false, minutes: 20, with: ['mother'], text: 'Niemand deed open.' }),
  };
  const lasting = (await gent.get(`/v1/trajectories/${trajectory}/grants`, lotte)).grants.find((one) => one.recipient.id === 'gent' && one.purposes.includes('aftercare'));
  said.aftercare = await say('aftercare/contacts', { who: 'Milan', how: 'phone', at: in_(10 * 86_400_000), every_weeks: 4, grant: lasting.id, text: 'Eens horen hoe het gaat.' });
  Object.assign(said, drawn, await confer(region, trajectory));
  said.group = await keepHouse(gent);
  said.place = (await gent.post('/v1/places', { kind: 'time-out', title: 'De Pas', text: 'Een rustig huis met dieren.', age_from: 14, age_to: 17, places: 2, ends_at: in_(2 * month) }, lotte)).record;
  await until('the offer', async () => (await kjp.get('/v1/places')).places.length > 0);
  await kjp.post(`/v1/places/${said.place}/holds`, { needs: 'Rust, weg van thuis.', age_from: 15, age_to: 16, ends_at: in_(month) }, { person: 'Dr. An Claes' });
  said.hold = (await until('who asks', async () => (await gent.get(`/v1/places/${said.place}`, lotte)).holds[0])).id;
  // What a partner wrote, and the consent for it that was taken back: sealed here, and kept.
  const given = async () => (await gent.get(`/v1/trajectories/${trajectory}/grants`)).grants.filter((one) => one.recipient.id === 'gent' && one.categories.includes('identity'));
  await until('the grant at the partner', async () => (await kjp.get(`/v1/trajectories/${trajectory}`)).grants.some((one) => one.categories.includes('identity')));
  await say('notes', { title: 'Naam', text: 'De nieuwe naam van zijn moeder.', categories: ['identity'], to: ['gent'] }, kjp, { person: 'Dr. An Claes' });
  await until('the note', async () => (await gent.get(`/v1/trajectories/${trajectory}`, lotte)).items.filter((one) => one.kind === 'note').length >= 2);
  const grant = (await given())[0].id;
  await gent.post(`/v1/grants/${grant}/withdrawal`, { reason: 'Het mag niet meer.' }, lotte);
  await until('what is sealed', async () => (await gent.get(`/v1/sealed?trajectory=${trajectory}`, { role: 'auditor' })).sealed.length > 0);
  const over = (await gent.post('/v1/trajectories', { label: 'Sam (18)' }, lotte)).trajectory;
  await gent.post(`/v1/trajectories/${over}/close`, { message: 'Het is klaar.', copy_offered: 'Aan Sam gevraagd.', copy: 'declined' }, lotte);
  await gent.post(`/v1/trajectories/${over}/erasure`, { reason: 'subject-request', why: 'Sam vroeg het.' }, lotte);
  const grants = (await gent.get(`/v1/trajectories/${trajectory}/grants`)).grants.filter((one) => one.recipient.id === 'kjp');
  return { ...said, grant: grants[0].id, over };
}
