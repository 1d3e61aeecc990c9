// What may be attached, how large it is in words, and fetching it: a lost line goes on where it stopped.
import { api, asProblem, Problem } from './api';
import { locale, t } from './i18n.svelte';

export const endings = ['pdf', 'odt', 'docx', 'rtf', 'txt', 'csv', 'ods', 'xlsx', 'odp', 'pptx', 'png', 'jpg', 'jpeg', 'gif', 'webp', 'm4a', 'mp3', 'ogg', 'mp4', 'm4v', 'webm'];
export const plainEndings = ['txt', 'csv']; // With an anonymous question: what can be read by its check.
export const sizeMax = 1e8; // As the words beside it say; the agent takes somewhat more.
export const plainSizeMax = 1e6;
export const endingOf = (name: string): string => /\.([^.]+)$/.exec(name)?.[1]?.toLowerCase() ?? '';

// "3,4 MB"
export function sizeWords(bytes: number): string {
  const units = ['byte', 'kilobyte', 'megabyte'] as const;
  let unit = 0;
  let size = bytes;
  while (size >= 1000 && unit < units.length - 1) {
    size /= 1000;
    unit++;
  }
  return new Intl.NumberFormat(locale(), { style: 'unit', unit: units[unit], unitDisplay: 'short', maximumFractionDigits: size < 10 && unit > 0 ? 1 : 0 }).format(size);
}

// Why a file cannot go along, before anything of it leaves; empty: it can.
export function wrongWith(file: File, plain: boolean): string {
  const [allowed, most] = plain ? [plainEndings, plainSizeMax] : [endings, sizeMax];
  if (!allowed.includes(endingOf(file.name))) return t('files.ending', { endings: allowed.join(', ') });
  return file.size === 0 || file.size > most ? t('files.size', { size: sizeWords(most) }) : '';
}

export const bytesOf = (base64: string): Uint8Array<ArrayBuffer> => Uint8Array.from(atob(base64), (one) => one.charCodeAt(0));
export const hexOf = (bytes: ArrayBuffer): string => [...new Uint8Array(bytes)].map((one) => one.toString(16).padStart(2, '0')).join('');
export const hashOf = async (bytes: BufferSource): Promise<string> => hexOf(await crypto.subtle.digest('SHA-256', bytes));

// Until the agent is there again, or `signal` says that nobody waits for it.
export const reachedAgain = (signal: AbortSignal): Promise<void> =>
  new Promise((done, stop) => {
    const end = (): void => {
      clearTimeout(timer);
      window.removeEventListener('schakel:back', back);
      signal.removeEventListener('abort', give);
    };
    const back = (): void => (end(), done());
    const give = (): void => (end(), stop(new DOMException('stopped', 'AbortError')));
    const timer = setTimeout(back, 15_000); // Also when nobody tells.
    window.addEventListener('schakel:back', back);
    signal.addEventListener('abort', give);
    if (signal.aborted) give();
  });

// What of a file is not here yet, from `from` on. Asking is a view, which the agent logs.
export type Part = (signal: AbortSignal, from?: number) => Promise<Response>;
export const partOf = (attachment: string): Part => (signal, from) => api.raw('/v1/attachments/{attachment}/content', { path: { attachment }, signal, from });
// Of what this auditor opened just now: a part of that act.
export const partOfUnsealed = (record: string): Part => (signal, from) => api.raw('/v1/records/{record}/unsealed-content', { path: { record }, signal, from, reason: 'audit' });

// The whole file, checked against the hash that its author signed. `came` hears how many bytes are here.
export async function fetchFile(part: Part, sha256: string, signal: AbortSignal, came: (bytes: number) => void): Promise<Blob> {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let here = 0;
  for (;;) {
    try {
      const response = await part(signal, here || undefined);
      if (response.status !== 206 && here > 0) {
        parts.length = 0; // From the beginning, then.
        here = 0;
      }
      const reader = response.body!.getReader();
      for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) {
        parts.push(chunk.value);
        here += chunk.value.length;
        came(here);
      }
      break;
    } catch (thrown) {
      const problem = asProblem(thrown);
      if (signal.aborted || !problem.offline) throw problem;
      await reachedAgain(signal);
    }
  }
  const blob = new Blob(parts, { type: 'application/octet-stream' });
  if (sha256 && (await hashOf(await blob.arrayBuffer())) !== sha256) throw new Problem(200, { rule: 'page.file' });
  return blob;
}

// Into the folder where the browser puts what people fetch.
export function save(blob: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
