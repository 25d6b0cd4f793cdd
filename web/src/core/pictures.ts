import { patiently, standstillMs } from './patience';
import { preview } from './preview';
import { type Picture, pictureWaits } from './schema';
import type { Store } from './store';
import type { Job, Outcome } from './tus';

type Fetch = typeof fetch;
type Send = (job: Job) => Promise<Outcome>;

const keepSentMs = 7 * 24 * 3600 * 1000;
/** A picture that arrives as other bytes this often is damaged where it lies. */
const mostBroken = 3;

/** The picture that is on its way: the nth of so many, and how much of it, 0 to 1. */
export type Progress = { sha256: string; n: number; of: number; part: number };

type Around = {
  token: () => string;
  /** A picture became another thing: sent, refused. */
  changed: () => void;
  /** The one on its way moved. */
  moved: () => void;
};

/** Below this a picture is as quick as its preview, bytes. */
const smallBytes = 60_000;

/** The protocol's client is fetched when the first picture leaves. */
const resumably: Send = async (job) => (await import('./tus')).send(job);

/** Sends the pictures that wait: first a preview of each, then the pictures, one
 * after another, the oldest first. */
export class Pictures {
  progress: Progress | undefined;
  private busy = false;

  constructor(
    private readonly base: string,
    private readonly store: Store,
    private readonly around: Around,
    private readonly http: Fetch = (...a) => fetch(...a),
    private readonly sendOne: Send = resumably,
    private readonly small: (blob: Blob) => Promise<Blob | undefined> = preview,
    private readonly standstill = standstillMs,
  ) {}

  /** ready says whether the attach of a picture has been answered: edits go
   * first, pictures after them. */
  async send(ready: (editID: string) => boolean, now: number): Promise<void> {
    if (this.busy || !this.around.token()) return;
    this.busy = true;
    try {
      const all = (await this.store.pictures()).sort((a, b) => a.at - b.at);
      for (const p of all) {
        if (p.sent !== undefined && now - p.sent > keepSentMs)
          await this.store.forgetPicture(p.sha256);
      }
      const waiting = all.filter((p) => pictureWaits(p) && ready(p.edit));
      for (const p of waiting) if (!(await this.ahead(p))) return;
      for (const [i, p] of waiting.entries()) {
        this.progress = { sha256: p.sha256, n: i + 1, of: waiting.length, part: 0 };
        if (!(await this.one(p, now))) return;
      }
    } finally {
      this.busy = false;
      this.progress = undefined;
      this.around.moved();
    }
  }

  /** False stops the round: the network or the server is not up to it. */
  private async one(p: Picture, now: number): Promise<boolean> {
    const outcome = (await this.there(p)) ? 'done' : await this.carry(p);
    if (outcome === 'later') return (await this.store.picture(p.sha256)) === undefined;
    // What a person or another round has done to it meanwhile stands.
    await this.store.changePicture(p.sha256, ({ upload: _, ...kept }) => {
      if (outcome === 'done') return { ...kept, sent: now };
      return outcome === 'broken' ? broken(kept) : { ...kept, refused: outcome.refused };
    });
    this.around.changed();
    return outcome !== 'broken';
  }

  /** Sends a preview ahead, once. False: there is no network. What the town says to it
   * is of no account: the picture itself follows. */
  private async ahead(p: Picture): Promise<boolean> {
    if (p.previewed || p.upload || p.blob.size < smallBytes) return true;
    if (!p.blob.type.startsWith('image/')) return true;
    const body = await this.small(p.blob);
    if (!body) return true;
    try {
      const r = await patiently(this.standstill, (signal) =>
        this.http(`${this.base}/media/sha256/${p.sha256}/preview`, {
          method: 'PUT',
          headers: { authorization: `Bearer ${this.around.token()}`, 'content-type': body.type },
          body,
          signal,
        }),
      );
      if (r.status >= 500) return true;
    } catch {
      return false;
    }
    p.previewed = true;
    await this.store.changePicture(p.sha256, (kept) => ({ ...kept, previewed: true }));
    return true;
  }

  /** Whether the town has the bytes already: an answer that was lost, another phone. */
  private async there(p: Picture): Promise<boolean> {
    try {
      const r = await patiently(this.standstill, (signal) =>
        this.http(`${this.base}/media/sha256/${p.sha256}`, {
          method: 'HEAD',
          headers: { authorization: `Bearer ${this.around.token()}` },
          signal,
        }),
      );
      return r.ok;
    } catch {
      return false;
    }
  }

  private async carry(p: Picture): Promise<Outcome> {
    let told = 0;
    try {
      return await this.sendOne({
        base: this.base,
        blob: p.blob,
        sha256: p.sha256,
        report: p.report,
        ...(p.upload ? { url: p.upload } : {}),
        token: this.around.token,
        began: (url) => {
          if (p.upload === url) return;
          p.upload = url;
          const begun = this.store.changePicture(p.sha256, (kept) => ({ ...kept, upload: url }));
          void begun.catch(() => {}); // it is found by its hash too
        },
        moved: (bytes) => {
          if (!this.progress || Date.now() - told < 250) return;
          told = Date.now();
          this.progress = { ...this.progress, part: Math.min(1, bytes / p.blob.size) };
          this.around.moved();
        },
      });
    } catch {
      return 'later'; // the protocol's client could not be fetched
    }
  }
}

function broken(p: Picture): Picture {
  const times = (p.broken ?? 0) + 1;
  return { ...p, broken: times, ...(times >= mostBroken ? { refused: 'checksum' } : {}) };
}
