// What every start needs, asked for while the rest of the script is on its way. vite.config.ts writes these two functions
// as they stand here into a script of their own, with the names of the built files: so they use nothing but what they are
// given, and the window.
export interface First {
  language: string;
  words: Promise<Response>; // Of that language.
  asked: Record<string, Promise<Response>>; // Of the agent, by address: each answers once (api/client.ts).
}
declare global {
  interface Window {
    schakelFirst?: First;
  }
}

// The language to begin with: the one chosen here before, else the first of the browser's that there is.
export function preferred(languages: readonly string[], kept: string): string {
  try {
    const before = localStorage.getItem(kept);
    if (before && languages.includes(before)) return before;
  } catch {
    // Not allowed to keep anything.
  }
  for (const one of navigator.languages ?? []) {
    const code = one.slice(0, 2).toLowerCase();
    if (languages.includes(code)) return code;
  }
  return languages[0]!;
}

// `words`: a file a language. `work`: what the staff's first page is made of, which guests never need; nor do they have an inbox.
export function askFirst(words: Record<string, string>, work: string[], language: string): void {
  const staff = !/^#\/(guest|setup)/.test(location.hash);
  const asked: First['asked'] = {};
  for (const path of staff ? ['/v1/session', '/v1/inbox'] : ['/v1/session']) {
    asked[path] = fetch(path, { credentials: 'same-origin', cache: 'no-store', headers: { 'Accept-Language': language } });
  }
  window.schakelFirst = { language, words: fetch(words[language]!), asked };
  // Who asks for them again hears whether they failed.
  for (const one of [window.schakelFirst.words, ...Object.values(asked)]) one.catch(() => {});
  if (!staff) return;
  for (const file of work) {
    const link = document.createElement('link');
    link.href = file;
    link.crossOrigin = 'anonymous';
    link.rel = file.endsWith('.js') ? 'modulepreload' : 'preload';
    if (link.rel === 'preload') link.as = 'style';
    document.head.append(link);
  }
}
