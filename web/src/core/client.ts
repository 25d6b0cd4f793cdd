import type { Auth } from './auth';
import { backoff } from './backoff';
import type { Actor, Edit, Result, Role } from './civic';
import { Engine, type Options } from './engine';
import { usualLimits } from './frames';
import { type Acked, byteLength, type Counts, count, type Item } from './outbox';
import type { View } from './overlay';
import type { Pictures, Progress } from './pictures';
import { apply } from './rules/apply';
import { pictureWaits } from './schema';
import { Shown } from './shown';
import { type End, type Grant, NoRoom, NotTheirs, type Picture, type Store } from './store';
import { type Connection, Tabs, type Word } from './tabs';
import type { Town } from './town';
import { uuid7 } from './uuid7';
import type { Saved } from './writes';

export type { Options } from './engine';
export type { Connection } from './tabs';
export type { Town } from './town';

/**
 * One app on one device: what the screens read and do. It knows no screen;
 * whoever listens is told that something changed.
 */
export class Client {
  pictures: Picture[] = [];
  connection: Connection = 'offline';

  private readonly engine: Engine;
  private readonly shown: Shown;
  private readonly tabs: Tabs;
  /** Fetched when the first picture leaves. */
  private sender: Pictures | undefined;
  private readonly listeners = new Set<() => void>();
  private reloadSoon: ReturnType<typeof setTimeout> | undefined;
  private uploadSoon: ReturnType<typeof setTimeout> | undefined;
  private uploadTries = 0;

  private constructor(
    private readonly options: Options,
    private readonly store: Store,
    auth: Auth,
    readonly grant: Grant,
    saved: Saved,
  ) {
    const around = {
      changed: () => this.changed(),
      stored: () => this.tabs.tell('stored'),
      answered: () => this.upload(),
      ended: (end: End) => {
        void options.wiped?.().catch(() => {});
        if (end === 'signed_out') options.left?.();
        else void this.reloadPictures();
      },
      left: () => options.left?.(),
    };
    this.engine = new Engine(options, store, auth, around, grant, saved);
    this.shown = new Shown(
      () => this.engine.session,
      () => this.actor,
    );
    this.tabs = new Tabs(options.name, (word) => void this.heard(word));
  }

  /** A device that was lost only shows what it still has. */
  static async start(options: Options, store: Store, auth: Auth, grant: Grant): Promise<Client> {
    const [saved, pictures, end] = await Promise.all([store.load(), store.pictures(), store.end()]);
    const client = new Client(options, store, auth, grant, saved);
    client.pictures = pictures;
    if (end === 'lost') {
      client.connection = 'revoked';
      void options.wiped?.().catch(() => {}); // the page may have ended before
    } else client.engine.start();
    client.tabs.tell('asks');
    return client;
  }

  /** Tells of changes, until the function that it gives is called. */
  listen(told: () => void): () => void {
    this.listeners.add(told);
    return () => this.listeners.delete(told);
  }

  stop() {
    clearTimeout(this.reloadSoon);
    clearTimeout(this.uploadSoon);
    this.engine.stop();
    this.tabs.close();
  }

  nudge() {
    if (this.engine.leads) this.engine.nudge();
    else this.tabs.tell('nudge');
  }

  lost() {
    this.engine.lost();
  }

  /** Tells the other tabs that somebody has signed in here. */
  signedIn() {
    this.tabs.tell('signed_in');
  }

  // What the screens read.

  /** The store could not be written, and why. */
  get storeTrouble() {
    return this.engine.trouble;
  }

  get leads(): boolean {
    return this.engine.leads;
  }

  get town(): Town {
    return this.shown.town;
  }

  get actor(): Actor {
    const { user, device } = this.grant;
    return { role: user.role as Role, user: user.id, device, teams: user.teams };
  }

  /** The scopes held, and whether any was ever received. */
  get scopes(): string[] {
    return [...this.engine.session.tracks.keys()];
  }

  /** Every report held, with one's own pending edits over it. */
  views(): View[] {
    return this.shown.views();
  }

  view(id: string): View | undefined {
    return this.shown.view(id);
  }

  ghosts(): string[] {
    return [...this.engine.session.ghosts.keys()];
  }

  get outbox(): readonly Item[] {
    return this.engine.session.outbox;
  }

  get answered(): Acked[] {
    return [...this.engine.session.acked.values()];
  }

  get waitingPictures(): Picture[] {
    return this.pictures.filter(pictureWaits);
  }

  /** The picture that this tab is sending. */
  get sendingPicture(): Progress | undefined {
    return this.sender?.progress;
  }

  /** Pictures that the town will not take, until a person has read why. */
  get refusedPictures(): Picture[] {
    return this.pictures.filter((p) => p.refused);
  }

  get counts(): Counts {
    const { outbox, acked } = this.engine.session;
    return count(outbox, acked.values(), this.waitingPictures.length);
  }

  async picture(sha256: string): Promise<Blob | undefined> {
    return (await this.store.picture(sha256))?.blob;
  }

  /** Roughly how many bytes the reports take on the disk. */
  reportBytes(): Promise<number> {
    return this.store.reportBytes();
  }

  // What the screens do.

  /**
   * Says what the rules would answer, and keeps the edit unless they refuse.
   * When it gives anything but refused, the edit is on the disk.
   */
  async capture(
    report: string,
    kind: string,
    args: Record<string, unknown>,
    picture?: { blob: Blob; stage: string },
  ): Promise<Result & { id?: string }> {
    const view = this.view(report);
    if (!view || view.left !== undefined) return { status: 'refused', code: 'unknown_report' };
    const now = new Date().toISOString();
    const base_rev = this.shown.baseRev(report);
    const edit: Edit = { id: uuid7(), report, base_rev, kind, args, at: now };
    if (byteLength(JSON.stringify(edit)) > usualLimits.edit_bytes) {
      return { status: 'refused', code: 'too_long', args: { max: 4000 } };
    }
    const predicted: Result = isLocal(kind)
      ? apply(this.town, view.report, { ...edit, base_rev: view.report.rev }, this.actor, now)
          .result
      : { status: 'applied' };
    if (predicted.status === 'refused' || predicted.status === 'merged') return predicted;
    const label = [view.report.code, view.report.title].filter(Boolean).join(' · ');
    const kept: Picture | undefined = picture && {
      sha256: args.sha256 as string,
      report,
      edit: edit.id,
      blob: picture.blob,
      stage: picture.stage,
      at: Date.now(),
    };
    const item = await this.keep(edit, label, kept);
    if (!item) return { status: 'refused', code: 'storage' };
    // Another tab has hidden everything: this goes where the rest is.
    if ((await this.store.end()) === 'signed_out') this.options.left?.();
    if (kept) this.pictures = [...this.pictures, kept];
    this.engine.feed({ e: 'captured', item });
    this.tabs.tell({ captured: item });
    return { ...predicted, id: edit.id };
  }

  /** Where there is no room, room is made once. */
  private async keep(edit: Edit, label: string, picture?: Picture): Promise<Item | undefined> {
    for (let tries = 0; tries < 2; tries++) {
      try {
        const item = await this.store.capture(edit, label, picture, this.grant.user.id);
        if (this.engine.trouble !== 'program') this.engine.trouble = undefined;
        return item;
      } catch (err) {
        if (err instanceof NotTheirs) {
          this.options.left?.();
          return undefined;
        }
        this.engine.trouble = err instanceof NoRoom ? 'full' : 'broken';
        if (tries === 0) await this.options.makeRoom?.().catch(() => {});
      }
    }
    this.tell();
    return undefined;
  }

  /** Takes back an edit that has not left this device; false where it has. */
  async withdraw(id: string): Promise<boolean> {
    if (!this.engine.leads) return this.tabs.withdraw(id);
    const had = this.outbox.some((i) => i.edit.id === id);
    this.engine.feed({ e: 'withdraw', id });
    const done = had && !this.outbox.some((i) => i.edit.id === id);
    if (done) await this.reloadPictures();
    return done;
  }

  /** Marks a refusal, a conflict or a notice as read. */
  async read(id: string) {
    const item = this.engine.session.acked.get(id);
    if (!item) return;
    item.read = true;
    await this.engine.write([{ w: 'acked', item }]);
    this.tell();
  }

  async forgetPicture(sha256: string) {
    await this.store.forgetPicture(sha256);
    await this.reloadPictures();
  }

  /** All that only this device has, in one file. */
  async exportUnsent(): Promise<Blob> {
    return (await import('./parcel')).packed(this, new Date());
  }

  /** Takes over such a file. It throws a ParcelError for one that is not whole, or
   * of another town or person; what is here already is left as it is. */
  async importUnsent(file: Blob): Promise<{ added: number; known: number; pictures: number }> {
    const { takeOver } = await import('./parcel');
    const before = this.pictures.length;
    const { added, known } = await takeOver(file, this.grant, this.store);
    for (const item of added) {
      this.engine.feed({ e: 'captured', item });
      this.tabs.tell({ captured: item });
    }
    await this.reloadPictures();
    this.upload();
    return {
      added: added.length,
      known,
      pictures: this.pictures.length - before,
    };
  }

  // The machinery.

  private async fetched(): Promise<Pictures> {
    const { Pictures } = await import('./pictures');
    this.sender ??= new Pictures(this.options.origin, this.store, {
      token: () => this.engine.token,
      changed: () => void this.reloadPictures(),
      moved: () => this.tell(),
    });
    return this.sender;
  }

  private upload() {
    if (!this.engine.leads || this.pictures.length === 0) return;
    const waiting = new Set(this.outbox.filter((i) => !i.seen).map((i) => i.edit.id));
    const before = this.waitingPictures.length;
    void this.fetched()
      .then((sender) => sender.send((id) => !waiting.has(id), Date.now()))
      .catch(() => {}) // it could not be fetched
      .then(() => {
        // The town was not up to it, or an edit goes first: a quiet connection says
        // nothing that would be a reason to try again.
        clearTimeout(this.uploadSoon);
        const left = this.waitingPictures.length;
        this.uploadTries = left < before ? 0 : this.uploadTries + 1;
        if (left === 0 || this.connection === 'offline') return;
        const wait = backoff(this.uploadTries, Math.random());
        this.uploadSoon = setTimeout(() => this.upload(), wait);
      });
  }

  private async reloadPictures() {
    this.pictures = await this.store.pictures();
    this.tabs.tell('pictures');
    this.tell();
  }

  /** Another tab of this app spoke. */
  private async heard(word: Word) {
    if (word === 'pictures') {
      this.pictures = await this.store.pictures();
      return this.tell();
    }
    if (word === 'left') return this.options.left?.();
    if (word === 'signed_in') return this.engine.resume();
    if (word === 'asks') {
      if (this.leads) this.tabs.tell({ connection: this.connection });
      return;
    }
    if (word === 'nudge') return this.engine.nudge();
    if (typeof word === 'object' && 'captured' in word) {
      // Its picture is on the disk before anybody says that it is kept.
      if (word.captured.edit.kind === 'attach') this.pictures = await this.store.pictures();
      return this.engine.feed({ e: 'captured', item: word.captured });
    }
    if (typeof word === 'object' && 'withdraw' in word) {
      if (this.engine.leads) {
        const done = await this.withdraw(word.withdraw);
        this.tabs.tell({ withdrew: word.withdraw, done });
      }
      return;
    }
    if (this.engine.leads) return;
    if (typeof word === 'object' && 'connection' in word) {
      this.connection = word.connection;
      if (word.connection === 'signed_out') this.options.left?.();
      return this.tell();
    }
    if (word !== 'stored') return;
    clearTimeout(this.reloadSoon);
    this.reloadSoon = setTimeout(() => void this.engine.reload(), 100);
  }

  private changed() {
    this.shown.stale();
    if (this.engine.leads) {
      const before = this.connection;
      this.connection = this.engine.connection;
      if (before !== this.connection) this.tabs.tell({ connection: this.connection });
    }
    this.tell();
  }

  private tell() {
    for (const told of this.listeners) told();
  }
}

/** Edits whose outcome this device foresees; the rest is the server's alone. */
const isLocal = (kind: string) =>
  !['publish', 'hide', 'redact', 'erasure', 'purge', 'pin'].includes(kind);
