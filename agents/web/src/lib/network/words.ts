// How things of the network are said: who, how, when, and by which grant one sees it.
import { centre } from '../acts/network';
import { longDate, shortDate } from '../dates';
import { t } from '../i18n.svelte';
import type { Figure, Statement, Tie, Trajectory } from './types';

export const initials = (name: string): string =>
  name
    .split(/[\s-]+/)
    .filter((part) => /^\p{L}/u.test(part))
    .map((part) => [...part][0]!.toUpperCase())
    .join('')
    .slice(0, 2) || '?';
export const nameOf = (one: { name: string | null } | undefined): string => one?.name || t('record.no_words');
export const finder =
  (figures: Figure[]) =>
  (id: string): string =>
    id === centre ? t('network.young_person') : nameOf(figures.find((one) => one.id === id));

type Informant = Pick<Tie, 'informant' | 'informant_name'>;
export const informantKey = (one: Informant): string => `${one.informant} ${one.informant_name ?? ''}`;
export const informantName = (one: Informant): string => one.informant_name || t(`informant.${one.informant}`);
export const informantLetter = (one: Informant): string => (one.informant_name ? initials(one.informant_name).slice(0, 1) : t(`informant_letter.${one.informant}`));

// What holds on a day: the last that was said from a day on up to it. They come in that order.
export const heldOn = (tie: Tie, day: string): Statement | null => tie.statements.filter((one) => one.since <= day).at(-1) ?? null;
// The days on which something in the picture becomes otherwise, and today.
export const daysOf = (ties: Tie[], today: string): string[] => [...new Set([...ties.flatMap((one) => one.statements.map((said) => said.since)).filter((day) => day < today), today])].sort();

export const tieWords = (said: Statement): string => (said.quality === 'none' || !said.quality ? t(`tie.${said.quality || 'none'}`) : `${t(`tie.${said.quality}`)}, ${t(`strength.${said.strength || 2}`).toLowerCase()}`);
export const grantWords = (trajectory: Trajectory, grant: string | null): string => {
  if (grant === null) return t('network.own');
  const found = trajectory.grants.find((one) => one.id === grant);
  return found ? t('receivers.grant', { basis: t(`basis.${found.basis}`), date: shortDate(found.ends_at) }) : t('receivers.grant_elsewhere');
};
export const writtenWords = (one: { author: { name: string } | null; at: string }): string => t('network.written', { name: one.author?.name ?? '–', date: longDate(one.at) });
