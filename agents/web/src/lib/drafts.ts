// What somebody is writing, kept so that a closed tab, a lost line or an ended session loses nothing. In IndexedDB,
// encrypted with a key that cannot be taken out of the browser and belongs to one account; both are destroyed when that
// person signs out, when somebody else signs in, and drafts by themselves after a week.
//
//   const draft = await readDraft<Form>('consultation.new');
//   await writeDraft('consultation.new', form);   await dropDraft('consultation.new');
const database = 'schakel-drafts';
const week = 7 * 86_400_000;

interface Kept {
  at: number;
  iv: Uint8Array<ArrayBuffer>;
  sealed: ArrayBuffer;
}
let key: CryptoKey | null = null;
let opening: Promise<void> = Promise.resolve(); // Each of what follows waits for what was begun before.

function open(): Promise<IDBDatabase> {
  return new Promise((done, failed) => {
    const request = indexedDB.open(database, 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore('key');
      request.result.createObjectStore('drafts');
    };
    request.onsuccess = () => done(request.result);
    request.onerror = () => failed(request.error);
  });
}
async function within<T>(store: 'key' | 'drafts', mode: IDBTransactionMode, act: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  const base = await open();
  try {
    return await new Promise<T>((done, failed) => {
      const transaction = base.transaction(store, mode);
      const request = act(transaction.objectStore(store));
      transaction.oncomplete = () => done(request.result);
      transaction.onerror = transaction.onabort = () => failed(transaction.error ?? request.error);
    });
  } finally {
    base.close();
  }
}

// For whoever signed in. Where the browser keeps nothing, there are no drafts, and the page works without.
export const openDrafts = (account: string): Promise<void> => (opening = opening.then(() => openFor(account)));
async function openFor(account: string): Promise<void> {
  key = null;
  if (!account || typeof indexedDB === 'undefined') return;
  try {
    const kept = await within<{ account: string; key: CryptoKey } | undefined>('key', 'readonly', (store) => store.get('key'));
    if (kept?.account === account) {
      key = kept.key;
      await expire();
      return;
    }
    await forget();
    const made = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']);
    await within('key', 'readwrite', (store) => store.put({ account, key: made }, 'key'));
    key = made;
  } catch {
    key = null;
  }
}

export const forgetDrafts = (): Promise<void> => (opening = opening.then(forget));
async function forget(): Promise<void> {
  key = null;
  if (typeof indexedDB === 'undefined') return;
  try {
    await within('key', 'readwrite', (store) => store.clear());
    await within('drafts', 'readwrite', (store) => store.clear());
  } catch {
    // Nothing is kept, then.
  }
}

async function expire(): Promise<void> {
  const names = await within('drafts', 'readonly', (store) => store.getAllKeys());
  for (const name of names) {
    const kept = await within<Kept | undefined>('drafts', 'readonly', (store) => store.get(name));
    if (kept && Date.now() - kept.at > week) await within('drafts', 'readwrite', (store) => store.delete(name));
  }
}

const bound = (name: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(name);

export async function writeDraft(name: string, value: unknown): Promise<boolean> {
  await opening;
  if (!key) return false;
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const words = new TextEncoder().encode(JSON.stringify(value));
  const sealed = await crypto.subtle.encrypt({ name: 'AES-GCM', iv, additionalData: bound(name) }, key, words);
  await within('drafts', 'readwrite', (store) => store.put({ at: Date.now(), iv, sealed } satisfies Kept, name));
  return true;
}

export async function readDraft<T>(name: string): Promise<{ value: T; at: Date } | null> {
  await opening;
  if (!key) return null;
  try {
    const kept = await within<Kept | undefined>('drafts', 'readonly', (store) => store.get(name));
    if (!kept) return null;
    const words = await crypto.subtle.decrypt({ name: 'AES-GCM', iv: kept.iv, additionalData: bound(name) }, key, kept.sealed);
    return { value: JSON.parse(new TextDecoder().decode(words)) as T, at: new Date(kept.at) };
  } catch {
    return null; // Of another key, or damaged: it cannot be read, and is overwritten by the next.
  }
}

export async function dropDraft(name: string): Promise<void> {
  if (typeof indexedDB === 'undefined') return;
  try {
    await within('drafts', 'readwrite', (store) => store.delete(name));
  } catch {
    // As above.
  }
}
