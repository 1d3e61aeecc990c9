// What the agent says to do next names commands too, for who works at a terminal: "Leg ze eerst vast (schakel grants
// give)". On a page they help nobody: they are left out here, and with them whatever says nothing else.
const command = /--[a-z]|\bschakel(?:-agent|-hub)? [a-z]|\b(?:GET|POST) \/v1\//;

const ended = (text: string): string => (text === '' || /[.!?]$/.test(text) ? text : `${text}.`);
const begun = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

// What stays of a part of a sentence: what comes before the colon that leads to the command, or the alternatives to it.
function kept(clause: string): string {
  if (!command.test(clause)) return clause.trim();
  const colon = clause.lastIndexOf(':', clause.search(command));
  if (colon > 0) return kept(clause.slice(0, colon));
  const others = clause.split(/,? (?:of|or) /).filter((one) => !command.test(one));
  return others.length > 0 && clause.split(/, (?:of|or) /).length > 1 ? others.join(', ').trim() : '';
}

export function plain(text: string): string {
  if (!command.test(text)) return text;
  const words = text.replace(/\s*\(([^()]*)\)/g, (whole, inside: string) => (command.test(inside) ? '' : whole));
  if (!command.test(words)) return words;
  return words
    .split(/(?<=[.!?])\s+/)
    .map((sentence) => ended(begun(sentence.split(/;\s*/).map(kept).filter(Boolean).join('; '))))
    .filter(Boolean)
    .join(' ');
}
