// What stands in the agents before a page is opened: two partners, trajectories, a question that waits, a note.
const month = 30 * 86_400_000;
const in_ = (ms) => new Date(Date.now() + ms).toISOString().replace(/\.\d+Z/, 'Z');
const lotte = { person: 'Lotte Vermeulen', role: 'coordinator' };

export const organisations = [
  { id: 'gent', name: 'Contextbegeleiding Gent', sector: 'youth-care' },
  { id: 'kjp', name: 'Jeugdpsychiatrie De Brug', sector: 'psychiatry' },
];

export async function tell(region, { until }) {
  const [gent, kjp] = [region.agent('gent'), region.agent('kjp')];
  const { trajectory } = await gent.post('/v1/trajectories', { label: 'Milan (17)', module: 'mobile' }, lotte);
  await gent.post(`/v1/trajectories/${trajectory}/invitations`, { organisation: 'kjp', label: 'Traject 12', message: 'Graag uw mee denken.' }, lotte);
  await until('the invitation', async () => (await kjp.get('/v1/invitations')).invitations.length > 0);
  await kjp.post(`/v1/trajectories/${trajectory}/join`, { message: 'Wij doen mee.' }, { person: 'Dr. An Claes' });
  await until('the membership', async () => (await gent.get(`/v1/trajectories/${trajectory}`)).members.some((one) => one.organisation.id === 'kjp' && one.status === 'joined'));
  // What the partner may know, and what the lead may hear from it.
  for (const organisation of ['kjp', 'gent']) {
    await gent.post(
      `/v1/trajectories/${trajectory}/grants`,
      {
        organisation, purposes: ['consultation', 'care-coordination'], categories: ['mental-health', 'living', 'own-voice'], begins_at: in_(-60_000), ends_at: in_(6 * month),
        basis: 'consent', grantor: 'young-person', oral: true, consented_by: 'Milan (17)', how: 'gesprek op de kamer', witness: 'Karim Daems',
      },
      lotte,
    );
  }
  await until('the grant', async () => (await kjp.get(`/v1/trajectories/${trajectory}`)).grants.length > 0);
  const asked = await kjp.post('/v1/consultations', { trajectory, subject: 'Slaap', question: 'Hoe slaapt hij de laatste weken?', categories: ['living'], urgency: 'soon', answer_by: in_(3 * 86_400_000), to: ['gent'] }, { person: 'Dr. An Claes' });
  await gent.post('/v1/consultations', { trajectory, question: 'Kan hij op korte termijn terecht?', categories: ['mental-health'], answer_by: in_(2 * 86_400_000), to: ['kjp'] }, lotte);
  await until('the question', async () => (await kjp.get('/v1/inbox')).items.some((one) => one.what === 'answer'));
  await until('our question', async () => (await gent.get('/v1/inbox', lotte)).items.some((one) => one.what === 'answer'));
  for (const label of ['Noor (15)', 'Yassin (16)', 'Traject van Elke']) await gent.post('/v1/trajectories', { label }, lotte);
  return { trajectory, consultation: asked.record };
}
