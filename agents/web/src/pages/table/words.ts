// What the pages of a meeting share.
import { api, type AnswerTo } from '../../lib/api';
import { save } from '../../lib/files';

export type Meeting = AnswerTo<'/v1/tables/{table}'>;
export const tableTones = { family: 'blue', voting: 'blue', fixed: 'good', reported: 'plain', cancelled: 'bad' } as const;
export const meetingKinds = ['round-table', 'intake', 'evolution-review', 'review-3-months', 'review-6-months', 'review-before-hearing'] as const;
// For which of its purposes a proposal of that kind is sent.
export const purposeOf = (kind: string): string => (kind === 'round-table' || kind === 'intake' ? 'round-table' : 'evaluation');

// As a calendar program takes it: for us, or for whom it is said.
export async function saveCalendar(table: string, query: { guest?: string; for?: string; occurrence?: string; answer?: 'true' } = {}): Promise<void> {
  const response = await api.raw('/v1/tables/{table}/calendar', { path: { table }, query, accept: 'text/calendar' });
  save(await response.blob(), 'overleg.ics');
}
