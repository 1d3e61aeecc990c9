// Whether the words of a file tell who an anonymous question is about: the agent reads them as it reads the question, and
// nothing leaves. At the end it reads the whole file once more (docs/attachments.md).
import { api, asProblem, type Schemas } from './api';
import { findings, type Marked } from './findings';

const piece = 24_000; // Characters; well below what a question may hold.

// At the end of a line or a word, so that no name is cut in two.
export function piecesOf(text: string): string[] {
  const pieces: string[] = [];
  let rest = text;
  while (rest.length > piece) {
    const line = rest.lastIndexOf('\n', piece);
    const cut = line > piece / 2 ? line + 1 : rest.lastIndexOf(' ', piece) + 1 || piece;
    pieces.push(rest.slice(0, cut));
    rest = rest.slice(cut);
  }
  return rest.trim() ? [...pieces, rest] : pieces;
}

// Null: it is no plain text.
export async function readPlain(file: File): Promise<string | null> {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(await file.arrayBuffer());
  } catch {
    return null;
  }
}

export async function identifying(name: string, text: string, categories: Schemas['Category'][], to: string[], signal: AbortSignal): Promise<Marked[]> {
  const found: Marked[] = [];
  for (const one of piecesOf(text)) {
    const subject = `${name}\n`;
    try {
      await api.post('/v1/consultations', { signal, body: { subject, question: one, categories, to, preview: true } });
    } catch (thrown) {
      const problem = asProblem(thrown);
      if (problem.rule !== 'consultation.identifying') throw problem;
      found.push(...findings(problem, subject, one));
    }
  }
  return found.filter((one, i) => found.findIndex((other) => other.what === one.what && other.text === one.text) === i);
}
