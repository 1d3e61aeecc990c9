// What in an anonymous question tells who it is about: the words that the agent points at, by bytes of subject and
// question, one after the other.
import type { Finding, Problem } from './api';

export interface Marked {
  what: Finding['what'];
  certain: boolean;
  text: string;
}
export function findings(problem: Problem, subject: string, question: string): Marked[] {
  const bytes = new TextEncoder().encode(subject + question);
  const decoder = new TextDecoder();
  return problem.findings.map((one) => ({ what: one.what, certain: one.certain, text: decoder.decode(bytes.slice(one.at, one.at + one.length)) }));
}
