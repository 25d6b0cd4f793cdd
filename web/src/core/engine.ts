import type { Auth } from './auth';
import { Problem } from './exchange';
import { Fetches } from './fetches';
import { leader } from './leader';
import type { Hear, Link } from './link';
import { type Effect, type Event, Session } from './session';
import { type End, type Grant, NoRoom, type Store } from './store';
import type { Connection } from './tabs';
import { network, type Open, Transport } from './transport';
import type { Saved, Write } from './writes';

export type Options = {
  /** The name of the database: one an app. */
  name: string;
  origin: string;
  wants: (scope: string) => boolean;
  more?: readonly string[];
  open?: Open;
  /** Gives back what the device can do without, when there is no room. */
  makeRoom?: () => Promise<void>;
  /** Takes away what this device keeps of the town outside the store. */
  wiped?: () => Promise<void>;
  /** The person is not here any more: signed out, or gone in another tab. */
  left?: () => void;
};

/** What the engine tells the client that it drives. */
export type Around = {
  changed: () => void;
  /** The disk holds something new. */
  stored: () => void;
  /** The town has answered: pictures may follow. */
  answered: () => void;
  /** The town has ended this device, and the disk says so. */
  ended: (end: End) => void;
  /** The disk is another person's by now, or nobody's. */
  left: () => void;
};

/** Why the store could not be written: no room, or something else. */
export type StoreTrouble = 'full' | 'broken' | 'program';

/** After a write that failed the device starts again from its disk. */
const againMs = 5000;

/**
 * Carries out what a session asks of the world: the connection, the disk, the
 * clock. In one tab of an app only, the one that leads.
 */
export class Engine {
  session: Session;
  leads = false;
  trouble: StoreTrouble | undefined;

  private link: Link | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private again: ReturnType<typeof setTimeout> | undefined;
  private writing: Promise<void> = Promise.resolve();
  private readonly transport: Transport;
  private readonly fetches: Fetches;
  private resign: () => void = () => {};
  private stopped = false;
  /** A write failed: memory says more than the disk. */
  private behind = false;

  constructor(
    private readonly options: Options,
    private readonly store: Store,
    private readonly auth: Auth,
    private readonly around: Around,
    private grant: Grant,
    saved: Saved,
  ) {
    this.session = this.sessionOf(saved);
    const token = () => this.token;
    this.transport = new Transport(options.open ?? network(options.origin, token));
    this.fetches = new Fetches(options.origin, token);
  }

  get token(): string {
    return this.grant.token;
  }

  start() {
    this.resign = leader(this.options.name, () => void this.lead());
  }

  stop() {
    this.stopped = true;
    this.resign();
    clearTimeout(this.timer);
    clearTimeout(this.again);
    this.link?.close();
  }

  /** Something happened that makes a try worth while: network, screen, button. */
  nudge() {
    if (this.leads) this.feed({ e: this.session.phase === 'off' ? 'start' : 'tick' });
  }

  /** The device says that there is no network: a socket that is silent is not
   * waited for. */
  lost() {
    if (!this.leads || this.session.phase === 'off') return;
    this.link?.close();
    this.feed({ e: 'closed', code: 0 });
  }

  feed(event: Event) {
    if (!this.leads && event.e !== 'captured') return;
    const effects = this.session.handle(event, Date.now());
    for (const effect of effects) if (this.leads || effect.do === 'write') this.carry(effect);
    if (event.e !== 'tick' || effects.length > 0) this.around.changed();
    this.wind();
  }

  /** Starts anew from what the disk holds. */
  async reload() {
    this.session = this.sessionOf(await this.store.load());
    this.around.changed();
  }

  write(writes: Write[]): Promise<void> {
    this.writing = this.writing.then(async () => {
      try {
        await this.store.write(writes, this.grant.user.id);
        if (this.trouble !== 'program') this.trouble = undefined;
        this.around.stored();
      } catch (err) {
        this.failed(err);
      }
    });
    return this.writing;
  }

  get connection(): Connection {
    const { halt, phase, fresh } = this.session;
    if (halt === 'lost') return 'revoked';
    if (halt) return halt;
    if (phase === 'live') return fresh ? 'live' : 'catching_up';
    return phase === 'off' ? 'offline' : 'connecting';
  }

  private sessionOf(saved: Saved) {
    return new Session({ ...this.options, random: Math.random }, saved);
  }

  private async lead() {
    if (this.stopped) return;
    this.leads = true;
    const grant = await this.theirs();
    if (!grant) return;
    await this.reload();
    this.behind = false;
    this.grant = grant;
    if (!this.stopped) this.feed({ e: 'token', token: this.token, device: this.grant.device });
  }

  /** What lets this person in, by now; undefined where the disk knows another or none:
   * then nothing of theirs goes on here, least of all under somebody else's name. */
  private async theirs(): Promise<Grant | undefined> {
    const grant = await this.store.grant();
    if (grant?.user.id === this.grant.user.id) return grant;
    this.stop();
    this.around.left();
    return undefined;
  }

  /** Somebody has signed in in another tab: the one that leads goes on with their grant. */
  async resume() {
    const grant = await this.theirs();
    if (!grant || !this.leads || this.stopped) return;
    this.link?.close();
    this.link = undefined;
    await this.lead();
  }

  /** Memory is ahead of the disk: what the disk has is what counts. */
  private failed(err: unknown) {
    this.trouble = err instanceof NoRoom ? 'full' : 'broken';
    this.behind = true;
    this.link?.close();
    void this.options.makeRoom?.().catch(() => {});
    clearTimeout(this.again);
    this.again = setTimeout(() => void this.lead().catch((e) => this.failed(e)), againMs);
    this.around.changed();
  }

  /** A fault of the program is told as one; the session goes on as after any read that
   * failed, since the next may do. */
  private fault(err: unknown, { scope, req }: { scope: string; req: number }): Event {
    console.error(err);
    this.trouble = 'program';
    this.around.changed();
    return { e: 'failed', scope, req, status: 0 };
  }

  private wind() {
    clearTimeout(this.timer);
    if (!this.leads || this.stopped) return;
    const wait = Math.min(Math.max(this.session.next() - Date.now(), 50), 60_000);
    this.timer = setTimeout(() => {
      this.feed({ e: 'tick' });
      this.around.answered();
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
        return this.send(effect);
      case 'write':
        void this.write(effect.writes);
        return;
      case 'refresh':
        void this.refresh();
        return;
      case 'ended':
        void this.writing.then(() => this.around.ended(effect.end));
        return;
      default:
        void this.fetches
          .run(effect)
          .then((event) => {
            if (this.trouble === 'program') this.trouble = undefined;
            return event;
          })
          .catch((err): Event => this.fault(err, effect))
          .then((event) => this.feed(event));
    }
  }

  /** A push leaves once the disk says that it may have left. */
  private send({ frame }: Effect & { do: 'send' }) {
    const { link } = this;
    if (frame.t !== 'push') return link?.send(frame);
    void this.writing.then(() => {
      if (link === this.link && !this.behind) link?.send(frame);
    });
  }

  private connect(): Link | undefined {
    const mine = { link: undefined as Link | undefined };
    const live = () => this.link === mine.link;
    const hear: Hear = {
      open: () => live() && this.feed({ e: 'open' }),
      frame: (frame) => {
        if (!live()) return;
        this.feed({ e: 'frame', frame });
        if (frame.t === 'ack' || frame.t === 'welcome') this.around.answered();
      },
      closed: (code, error) =>
        live() && this.feed({ e: 'closed', code, ...(error ? { error } : {}) }),
    };
    mine.link = this.transport.connect(hear);
    return mine.link;
  }

  private async refresh() {
    try {
      const kept = await this.theirs();
      if (!kept) return;
      const grant = await this.auth.refresh(kept);
      await this.store.renewGrant(grant);
      this.grant = grant;
      this.feed({ e: 'token', token: grant.token, device: grant.device });
    } catch (err) {
      const permanent = err instanceof Problem && (err.status === 401 || err.status === 403);
      this.feed({ e: 'no_token', permanent, end: permanent ? endIn(err) : undefined });
    }
  }
}

/** How a device has ended, by what refuses to renew its token. */
function endIn(err: Problem): End | undefined {
  if (err.args.wipe === true) return 'lost';
  return err.code === 'signed_out' ? 'signed_out' : undefined;
}
