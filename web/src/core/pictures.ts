import type { Picture, Store } from './store';

type Fetch = typeof fetch;

const keepSentMs = 7 * 24 * 3600 * 1000;

/** Sends the pictures that wait, one after another, the oldest first. */
export class Pictures {
  private busy = false;

  constructor(
    private readonly base: string,
    private readonly store: Store,
    private readonly token: () => string,
    private readonly changed: () => void,
    private readonly http: Fetch = (...a) => fetch(...a),
  ) {}

  /** ready says whether the attach of a picture has been answered: edits go
   * first, pictures after them. */
  async send(ready: (editID: string) => boolean, now: number): Promise<void> {
    if (this.busy || !this.token()) return;
    this.busy = true;
    try {
      for (const p of (await this.store.pictures()).sort((a, b) => a.at - b.at)) {
        if (p.sent !== undefined) {
          if (now - p.sent > keepSentMs) await this.store.forgetPicture(p.sha256);
        } else if (!p.refused && ready(p.edit) && !(await this.one(p, now))) return;
      }
    } finally {
      this.busy = false;
    }
  }

  /** False stops the round: the network or the server is not up to it. */
  private async one(p: Picture, now: number): Promise<boolean> {
    const form = new FormData();
    form.append('report', p.report);
    form.append('file', p.blob, `${p.sha256}.jpg`);
    try {
      const r = await this.http(`${this.base}/api/v1/photos`, {
        method: 'POST',
        headers: { authorization: `Bearer ${this.token()}` },
        body: form,
      });
      if (r.ok) await this.store.keepPicture({ ...p, sent: now });
      else if (r.status >= 500 || r.status === 401 || r.status === 429 || r.status === 408)
        return false;
      else {
        const problem = (await r.json().catch(() => ({}))) as { code?: string };
        await this.store.keepPicture({ ...p, refused: problem.code ?? 'invalid' });
      }
      this.changed();
      return true;
    } catch {
      return false;
    }
  }
}
