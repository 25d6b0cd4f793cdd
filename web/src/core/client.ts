import { type Auth, Problem } from './auth';
import type { Actor, Edit, Person, Result, Role, Service, Team } from './civic';
import { Fetches } from './fetches';
import { usualLimits } from './frames';
import { leader } from './leader';
import type { Hear, Link } from './link';
import { type Acked, byteLength, type Counts, count, type Item } from './outbox';
import { overlay, pick, reportOf, type Source, type View } from './overlay';
import { Pictures } from './pictures';
import { apply } from './rules/apply';
import type { Rules } from './rules/change';
import { type Effect, type Event, Session } from './session';
import type { Grant, Picture, Store } from './store';
import { network, type Open, Transport } from './transport';
import { uuid7 } from './uuid7';
import type { Write } from './writes';

/** What the town holds beside its reports. */
export type Town = Rules & {
  services: Record<string, Service>;
  teams: Record<string, Team>;
  users: Record<string, Person>;
  areas: Record<string, { id: string; name: string }>;
  desks: Record<string, { id: string; name: string }>;
};

/** The connection as a person should hear of it. */
export type Connection =
  | 'offline'
  | 'connecting'
  | 'catching_up'
  | 'live'
  | 'sign_in'
  | 'outdated'
  | 'forbidden';

export type Options = {
  /** The name of the database: one an app. */
  name: string;
  origin: string;
  wants: (scope: string) => boolean;
  open?: Open;
};

/**
 * One app on one device: store, session, connection and the pictures, and what
 * the screens read and do. It knows no screen; whoever listens is told that
 * something changed.
 */
export class Client {
  readonly grant: Grant;
  pictures: Picture[] = [];
  connection: Connection = 'offline';
  /** The store could not be written: storage is full, or was taken away. */
  storeFailed = false;
  leads = false;

  private session: Session;
  private link: Link | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private writing: Promise<void> = Promise.resolve();
  private index: Map<string, Source[]> | undefined;
  private townCache: Town | undefined;
  private readonly listeners = new Set<() => void>();
  private readonly channel: BroadcastChannel;
  private readonly transport: Transport;
  private readonly fetches: Fetches;
  private readonly sender: Pictures;
  private resign: () => void = () => {};
  private current: Grant;
  private stopped = false;

  private constructor(
    private readonly options: Options,
    private readonly store: Store,
    private readonly auth: Auth,
    grant: Grant,
    saved: Awaited<ReturnType<Store['load']>>,
  ) {
    this.grant = grant;
    this.current = grant;
    const token = () => this.current.token;
    this.session = this.newSession(saved);
    this.channel = new BroadcastChannel(options.name);
    this.channel.onmessage = (m) => void this.heard(m.data);
    this.transport = new Transport(options.open ?? network(options.origin, token));
    this.fetches = new Fetches(options.origin, token);
    this.sender = new Pictures(options.origin, store, token, () => void this.reloadPictures());
  }

  static async start(options: Options, store: Store, auth: Auth, grant: Grant): Promise<Client> {
    const client = new Client(options, store, auth, grant, await store.load());
    client.pictures = await store.pictures();
    client.resign = leader(options.name, () => void client.lead());
    return client;
  }

  private newSession(saved: Awaited<ReturnType<Store['load']>>) {
    return new Session({ wants: this.options.wants, random: Math.random }, saved);
  }

  /** Tells of changes, until the function that it gives is called. */
  listen(told: () => void): () => void {
    this.listeners.add(told);
    return () => this.listeners.delete(told);
  }

  stop() {
    this.stopped = true;
    this.resign();
    clearTimeout(this.timer);
    this.link?.close();
    this.channel.close();
  }

  /** Something happened that makes a try worth while: network, screen, button. */
  nudge() {
    if (!this.leads) return;
    this.feed({ e: this.session.phase === 'off' ? 'start' : 'tick' });
  }

  /** The device says that there is no network: a socket that is silent is not
   * waited for. */
  lost() {
    if (!this.leads || this.session.phase === 'off') return;
    this.link?.close();
    this.feed({ e: 'closed', code: 0 });
  }

  // What the screens read.

  get town(): Town {
    if (this.townCache) return this.townCache;
    const town: Town = { services: {}, teams: {}, users: {}, areas: {}, desks: {} };
    for (const [scope, t] of this.session.tracks) {
      if (!scope.startsWith('town:')) continue;
      for (const { body } of t.held.rows.values()) {
        const id = body.id as string;
        const kind = body.type as string;
        if (kind === 'service') town.services[id] = body as unknown as Service;
        else if (kind === 'team') town.teams[id] = body as unknown as Team;
        else if (kind === 'person') town.users[id] = body as unknown as Person;
        else if (kind === 'area') town.areas[id] = body as { id: string; name: string };
        else if (kind === 'desk') town.desks[id] = body as { id: string; name: string };
      }
    }
    this.townCache = town;
    return town;
  }

  get actor(): Actor {
    const { user, device } = this.grant;
    return { role: user.role as Role, user: user.id, device, teams: user.teams };
  }

  /** The scopes held, and whether any was ever received. */
  get scopes(): string[] {
    return [...this.session.tracks.keys()];
  }

  /** Every report held, with one's own pending edits over it. */
  views(): View[] {
    const list: View[] = [];
    for (const id of this.sources().keys()) {
      const view = this.view(id);
      if (view) list.push(view);
    }
    return list;
  }

  view(id: string): View | undefined {
    const sources = this.sources().get(id);
    const ghost = sources ? undefined : this.session.ghosts.get(id);
    const base = reportOf(sources ?? (ghost ? [{ scope: ghost.scope, row: ghost.row }] : []));
    if (!base) return undefined;
    const edits = this.session.pendingOf(id).map((i) => i.edit);
    const view = overlay(base, edits, this.town, this.actor, new Date().toISOString());
    return ghost ? { ...view, left: ghost.why || 'reassigned' } : view;
  }

  private sources(): Map<string, Source[]> {
    if (this.index) return this.index;
    const index = new Map<string, Source[]>();
    for (const [scope, t] of this.session.tracks) {
      if (scope.startsWith('town:')) continue;
      for (const row of t.held.rows.values()) {
        const list = index.get(row.id);
        if (list) list.push({ scope, row });
        else index.set(row.id, [{ scope, row }]);
      }
    }
    for (const ghost of this.session.ghosts.values()) {
      if (!index.has(ghost.id)) index.set(ghost.id, []);
    }
    for (const [id, list] of index) if (list.length === 0) index.delete(id);
    this.index = index;
    return index;
  }

  ghosts(): string[] {
    return [...this.session.ghosts.keys()];
  }

  get outbox(): readonly Item[] {
    return this.session.outbox;
  }

  get answered(): Acked[] {
    return [...this.session.acked.values()];
  }

  get waitingPictures(): Picture[] {
    return this.pictures.filter((p) => p.sent === undefined && !p.refused);
  }

  /** Pictures that the town will not take, until a person has read why. */
  get refusedPictures(): Picture[] {
    return this.pictures.filter((p) => p.refused);
  }

  async forgetPicture(sha256: string) {
    await this.store.forgetPicture(sha256);
    await this.reloadPictures();
  }

  get counts(): Counts {
    return count(this.session.outbox, this.session.acked.values(), this.waitingPictures.length);
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
  ): Promise<Result> {
    const view = this.view(report);
    if (!view || view.left !== undefined) return { status: 'refused', code: 'unknown_report' };
    const now = new Date().toISOString();
    const best = pick(this.sources().get(report) ?? []);
    const edit: Edit = { id: uuid7(), report, base_rev: best?.row.rev ?? 0, kind, args, at: now };
    if (byteLength(JSON.stringify(edit)) > usualLimits.edit_bytes) {
      return { status: 'refused', code: 'too_long', args: { max: 4000 } };
    }
    const predicted = isLocal(kind)
      ? apply(this.town, view.report, { ...edit, base_rev: view.report.rev }, this.actor, now)
          .result
      : ({ status: 'applied' } as Result);
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
    let item: Item;
    try {
      item = await this.store.capture(edit, label, kept);
    } catch {
      this.storeFailed = true;
      this.tell();
      return { status: 'refused', code: 'storage' };
    }
    if (kept) this.pictures = [...this.pictures, kept];
    this.feed({ e: 'captured', item });
    this.channel.postMessage({ captured: item });
    return predicted;
  }

  /** Marks a refusal, a conflict or a notice as read. */
  async read(id: string) {
    const item = this.session.acked.get(id);
    if (!item) return;
    item.read = true;
    await this.write([{ w: 'acked', item }]);
    this.tell();
  }

  async picture(sha256: string): Promise<Blob | undefined> {
    return (await this.store.picture(sha256))?.blob;
  }

  /** Signs out and forgets everything here; what was not sent is lost, so the
   * screen asks first. */
  async signOut() {
    this.stop();
    await this.auth.signOut();
    await this.store.wipe();
  }

  // The machinery.

  private async lead() {
    if (this.stopped) return;
    this.leads = true;
    await this.reload();
    this.feed({ e: 'token', token: this.current.token, device: this.current.device });
  }

  private feed(event: Event) {
    if (!this.leads && event.e !== 'captured') return;
    const effects = this.session.handle(event, Date.now());
    for (const effect of effects) if (this.leads || effect.do === 'write') this.carry(effect);
    if (event.e !== 'tick' || effects.length > 0) this.changed();
    this.wind();
  }

  private wind() {
    clearTimeout(this.timer);
    if (!this.leads || this.stopped) return;
    const wait = Math.min(Math.max(this.session.next() - Date.now(), 50), 60_000);
    this.timer = setTimeout(() => {
      this.feed({ e: 'tick' });
      this.upload();
    }, wait);
  }

  private carry(effect: Effect) {
    switch (effect.do) {
      case 'connect':
        this.link?.close();
        this.link = this.connect();
        return;
      case 'disconnect':
        this.link?.close();
        this.link = undefined;
        return;
      case 'send':
        this.link?.send(effect.frame);
        return;
      case 'write':
        void this.write(effect.writes);
        return;
      case 'refresh':
        void this.refresh();
        return;
      case 'wipe':
        return;
      default:
        void this.fetches.run(effect).then((event) => this.feed(event));
    }
  }

  private connect(): Link | undefined {
    const mine = { link: undefined as Link | undefined };
    const live = () => this.link === mine.link;
    const hear: Hear = {
      open: () => live() && this.feed({ e: 'open' }),
      frame: (frame) => {
        if (!live()) return;
        this.feed({ e: 'frame', frame });
        if (frame.t === 'ack' || frame.t === 'welcome') this.upload();
      },
      closed: (code, error) =>
        live() && this.feed({ e: 'closed', code, ...(error ? { error } : {}) }),
    };
    mine.link = this.transport.connect(hear);
    return mine.link;
  }

  private write(writes: Write[]): Promise<void> {
    this.writing = this.writing.then(async () => {
      try {
        await this.store.write(writes);
        if (this.storeFailed) this.storeFailed = false;
        this.channel.postMessage('stored');
      } catch {
        // Memory is ahead of the disk: what the disk has is what counts.
        this.storeFailed = true;
        this.link?.close();
        setTimeout(() => void this.lead().catch(() => {}), 5000);
      }
    });
    return this.writing;
  }

  private async refresh() {
    try {
      this.current = await this.auth.refresh((await this.store.grant()) ?? this.current);
      await this.store.keepGrant(this.current);
      this.feed({ e: 'token', token: this.current.token, device: this.current.device });
    } catch (err) {
      const permanent = err instanceof Problem && (err.status === 401 || err.status === 403);
      this.feed({ e: 'no_token', permanent });
    }
  }

  private upload() {
    const waiting = (id: string) => this.session.outbox.some((i) => i.edit.id === id && !i.seen);
    void this.sender.send((id) => !waiting(id), Date.now());
  }

  private async reloadPictures() {
    this.pictures = await this.store.pictures();
    this.channel.postMessage('pictures');
    this.tell();
  }

  private async reload() {
    this.session = this.newSession(await this.store.load());
    this.pictures = await this.store.pictures();
    this.changed();
  }

  private reloadSoon: ReturnType<typeof setTimeout> | undefined;

  /** Another tab of this app spoke. */
  private async heard(
    word: 'stored' | 'pictures' | { captured: Item } | { connection: Connection },
  ) {
    if (word === 'pictures') {
      this.pictures = await this.store.pictures();
      return this.tell();
    }
    if (typeof word === 'object' && 'captured' in word)
      return this.feed({ e: 'captured', item: word.captured });
    if (this.leads) return;
    if (typeof word === 'object') {
      this.connection = word.connection;
      return this.tell();
    }
    clearTimeout(this.reloadSoon);
    this.reloadSoon = setTimeout(() => void this.reload(), 100);
  }

  private changed() {
    this.index = undefined;
    this.townCache = undefined;
    if (this.leads) {
      const before = this.connection;
      this.connection = this.state();
      if (before !== this.connection) this.channel.postMessage({ connection: this.connection });
    }
    this.tell();
  }

  private state(): Connection {
    const { halt, phase, fresh } = this.session;
    if (halt === 'sign_in' || halt === 'wiped') return 'sign_in';
    if (halt) return halt;
    if (phase === 'live') return fresh ? 'live' : 'catching_up';
    return phase === 'off' ? 'offline' : 'connecting';
  }

  private tell() {
    for (const told of this.listeners) told();
  }
}

/** Edits whose outcome this device foresees; the rest is the server's alone. */
const isLocal = (kind: string) => !['publish', 'hide', 'redact', 'erasure', 'purge'].includes(kind);
