// Whether help that was allocated may begin (docs/methods.md), by the last word of each on whether they choose it.
import type { Schemas } from './api';
import { wordOf } from './acts/act';

export interface Choice {
  who: string;
  declined: boolean;
  record: Schemas['Record'];
}
export interface Start {
  state: 'free' | 'choice' | 'declined';
  missing: ('young-person' | 'parent')[];
}

export function choicesIn(requests: Schemas['Record'][]): Choice[] {
  const last = new Map<string, Choice>();
  for (const record of [...requests].sort((one, other) => one.at.localeCompare(other.at))) {
    const choice = wordOf(record, 'choice');
    if (choice === 'chosen' || choice === 'declined') last.set(wordOf(record, 'who'), { who: wordOf(record, 'who'), declined: choice === 'declined', record });
  }
  return [...last.values()];
}
// Of an adult its own word counts alone.
export function startOf(choices: Choice[], adult: boolean): Start {
  const young = choices.filter((one) => one.who === 'young-person');
  const counts = adult ? young : choices;
  const missing: Start['missing'] = [];
  if (young.length === 0) missing.push('young-person');
  if (!adult && counts.length === young.length) missing.push('parent');
  return { state: counts.some((one) => one.declined) ? 'declined' : missing.length ? 'choice' : 'free', missing };
}
