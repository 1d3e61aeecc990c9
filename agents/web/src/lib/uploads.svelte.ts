// Files on their way to the agent of this organisation, where they wait until somebody sends them. They go on while one
// looks at another page, and after a lost line or a closed tab: then the same file is chosen again. Gone with the session.
import { untrack } from 'svelte';
import { api, asProblem, newKey, type Answer, type Problem, type Schemas } from './api';
import { hashOf, reachedAgain } from './files';
import { session } from './session.svelte';

export interface Place {
  trajectory?: string;
  consultation?: string; // One of these two.
  about?: string; // A record of the trajectory.
  categories?: string[];
  purpose?: string;
  to?: string[]; // Left out: whom it may reach.
}
export interface UploadOptions {
  begun?: Schemas['Upload']; // Begun before, and interrupted.
  sends?: { accept_findings: boolean }; // By itself once it is here: a person saw who receives it.
}
export type UploadState = 'sending' | 'waiting' | 'here' | 'sent' | 'failed';

export class Upload {
  state = $state<UploadState>('sending');
  offset = $state(0);
  problem = $state.raw<Problem | null>(null);
  id = $state('');
  sha256 = '';
  private readonly control = new AbortController();
  private readonly keys = { plain: newKey(), read: newKey() };

  constructor(
    readonly file: File,
    readonly place: Place,
    readonly caption: string,
    private readonly options: UploadOptions = {},
  ) {
    const { begun } = options;
    if (begun) this.id = begun.upload;
    void this.run(begun);
  }
  get size(): number {
    return this.file.size;
  }

  run = async (begun?: Schemas['Upload']): Promise<void> => {
    this.problem = null;
    this.state = 'sending';
    const { signal } = this.control;
    try {
      const upload = begun ?? (this.id ? (await api.get('/v1/uploads/{upload}', { path: { upload: this.id }, signal })).data : await this.begin());
      this.id = upload.upload;
      this.offset = upload.offset;
      await this.send(upload.part_bytes_max);
      this.sha256 = await hashOf(await this.file.arrayBuffer());
      this.state = 'here';
      if (this.options.sends) await this.finish(this.options.sends.accept_findings);
    } catch (thrown) {
      if (signal.aborted) return;
      this.problem = asProblem(thrown);
      if (this.problem.status === 404) this.id = ''; // Dropped meanwhile: from the beginning.
      if (this.state !== 'here') this.state = 'failed'; // Else somebody looks, and sends it.
    }
  };

  private async begin(): Promise<Schemas['Upload']> {
    const { trajectory, consultation, about, categories, purpose, to } = this.place;
    const words = {
      name: this.file.name,
      size: this.file.size,
      ...(this.caption ? { caption: this.caption } : {}),
      ...(categories?.length ? { categories: categories as Schemas['Category'][] } : {}),
      ...(purpose ? { purpose: purpose as Schemas['Purpose'] } : {}),
      ...(to?.length ? { to } : {}),
    };
    if (consultation) return (await api.post('/v1/consultations/{consultation}/uploads', { path: { consultation }, body: words })).data;
    return (await api.post('/v1/trajectories/{trajectory}/uploads', { path: { trajectory: trajectory ?? '' }, body: { ...words, ...(about ? { about } : {}) } })).data;
  }

  private async send(most: number): Promise<void> {
    const { signal } = this.control;
    while (this.offset < this.file.size) {
      const bytes = this.file.slice(this.offset, this.offset + most);
      try {
        const { data } = await api.put('/v1/uploads/{upload}', { path: { upload: this.id }, query: { offset: this.offset }, bytes, signal });
        this.offset = data.offset;
        this.state = 'sending';
      } catch (thrown) {
        const problem = asProblem(thrown);
        if (signal.aborted) throw problem;
        // It has another part than we thought: an answer was lost.
        const right = Number.parseInt(problem.value, 10);
        if (problem.status === 409 && Number.isFinite(right) && right !== this.offset) {
          this.offset = right;
          continue;
        }
        if (!problem.offline && problem.status !== 502 && problem.status !== 504) throw problem;
        this.state = 'waiting';
        await reachedAgain(signal);
      }
    }
  }

  preview = (signal: AbortSignal): Promise<Answer<Schemas['Sent']>> =>
    api.post('/v1/uploads/{upload}/finish', { path: { upload: this.id }, body: { sha256: this.sha256, preview: true }, signal });
  finish = async (accept_findings = false): Promise<Schemas['Sent']> => {
    const { data } = await api.send('/v1/uploads/{upload}/finish', { path: { upload: this.id }, key: accept_findings ? this.keys.read : this.keys.plain, wait: 5, body: { sha256: this.sha256, accept_findings } });
    this.state = 'sent';
    return data;
  };
  giveUp = async (): Promise<void> => {
    this.control.abort();
    list = list.filter((one) => one !== this);
    if (this.id && this.state !== 'sent') await api.remove('/v1/uploads/{upload}', { path: { upload: this.id } }).catch(() => {});
  };
  // Its session is over: what was sent stays with the agent for a day.
  stop(): void {
    this.control.abort();
  }
}

let list = $state.raw<Upload[]>([]);
let of = $state('');
// Of this place, of whoever is in now.
export function uploadsAt(place: Place): Upload[] {
  if (of !== session.id) return [];
  return list.filter((one) => one.place.consultation === place.consultation && one.place.trajectory === place.trajectory && one.place.about === place.about);
}
export function upload(file: File, place: Place, caption = '', options: UploadOptions = {}): Upload {
  if (untrack(() => of) !== session.id) forgetUploads();
  of = session.id;
  const one = new Upload(file, place, caption, options);
  list = [...list, one];
  return one;
}
// Nothing of it stays when the session ends.
$effect.root(() => {
  $effect(() => {
    if (session.state !== 'in') untrack(forgetUploads);
  });
});
export function forgetUploads(): void {
  for (const one of list) one.stop();
  list = [];
}
