import { backoff } from './backoff';
import type { Effect, Event, Halt, Phase } from './events';
import {
  type ErrorFrame,
  type Limits,
  protocol,
  type ServerFrame,
  usualLimits,
  type Welcome,
} from './frames';
import type { Acked, Item } from './outbox';
import { type Answered, Scopes } from './scopes';
import { Sending } from './sending';
import { Step } from './step';
import type { End } from './store';
import type { Saved } from './writes';

export type { Bucket, Effect, Event, Halt, Phase } from './events';

const silenceMs = 60_000;
const helloMs = 20_000;
const refreshBeforeMs = 120_000;
const livedMs = 30_000;
const forbiddenMs = 300_000;

const never = Number.POSITIVE_INFINITY;

export type Options = {
  /** The scopes that this app holds of those offered. */
  wants: (scope: string) => boolean;
  /** Scopes that it follows beside those, such as a planner's areas. */
  more?: readonly string[];
  /** A number from 0 to below 1. */
  random: () => number;
};

/**
 * A device's side of sync protocol 1: the connection and its token here, the
 * replica in Scopes, the device's own edits in Sending. It decides and does
 * nothing itself. The same events at the same times give the same effects.
 * Writes must be carried out in order, each list in one transaction; a device
 * that stopped half-way starts again from what it stored.
 */
export class Session {
  phase: Phase = 'off';
  halt: Halt | undefined;
  /** The token has ended: edits are taken, nothing is told. */
  pushOnly = false;

  private readonly step: Step;
  private readonly scopes: Scopes;
  private readonly sending: Sending;
  private device = '';
  private token = '';
  private heardAt = 0;
  private connectAt = 0;
  private liveAt = 0;
  private attempts = 0;
  private tokenUntil = never;
  private refreshing = false;
  /** The largest push that was not too large, since this session began. */
  private fits = { push_bytes: never, push_edits: never };

  constructor(
    private readonly options: Options,
    saved: Saved,
  ) {
    this.step = new Step(saved.epoch, options.random);
    this.sending = new Sending(this.step, saved);
    this.scopes = new Scopes(
      this.step,
      {
        unsettled: (report) => this.sending.unsettled(report),
        seen: (edit) => this.sending.seen(edit),
        settle: () => this.settle(),
        refresh: () => this.refresh(),
      },
      saved,
    );
  }

  get epoch(): string | null {
    return this.step.epoch;
  }
  get lastN(): number {
    return this.sending.lastN;
  }
  get tracks(): Scopes['tracks'] {
    return this.scopes.tracks;
  }
  get ghosts(): Scopes['ghosts'] {
    return this.scopes.ghosts;
  }
  get outbox(): readonly Item[] {
    return this.sending.outbox;
  }
  get acked(): ReadonlyMap<string, Acked> {
    return this.sending.acked;
  }

  /** The edits over a report, in order: unanswered, and answered but unseen. */
  pendingOf(report: string): Item[] {
    return this.sending.pendingOf(report);
  }

  /** The same for every report that has any. */
  pending(): Map<string, Item[]> {
    return this.sending.pending();
  }

  /** Whether every scope is told of changes as they happen. */
  get fresh(): boolean {
    return this.phase === 'live' && !this.pushOnly && this.scopes.fresh;
  }

  handle(event: Event, now: number): Effect[] {
    this.step.begin(now);
    this.on(event);
    return this.step.end();
  }

  /** When a tick is wanted next, or never. */
  next(): number {
    const times: number[] = [never];
    if (this.phase === 'off' && !this.halt && this.token) times.push(this.connectAt);
    if (this.phase === 'hello') times.push(this.heardAt + helloMs);
    if (this.phase === 'live') {
      times.push(this.heardAt + silenceMs, ...this.sending.due(), ...this.scopes.due());
    }
    if (!this.refreshing && this.token && !this.over) times.push(this.tokenUntil - refreshBeforeMs);
    return Math.min(...times);
  }

  private get now(): number {
    return this.step.now;
  }

  /** The grant has ended: nothing but another, from a person who signs in, goes on. */
  private get over(): boolean {
    return this.halt === 'sign_in' || this.halt === 'lost' || this.halt === 'signed_out';
  }

  private on(event: Event) {
    switch (event.e) {
      case 'start':
        this.connectAt = this.now;
        this.attempts = 0;
        return this.connect();
      case 'open':
        return this.hello();
      case 'closed':
        return this.closed(event.code, event.error);
      case 'frame':
        this.heardAt = this.now;
        return this.frame(event.frame);
      case 'captured':
        if (this.sending.capture(event.item)) this.scopes.recall(event.item.edit.report);
        return this.push();
      case 'withdraw':
        if (this.sending.withdraw(event.id)) this.scopes.lay();
        return;
      case 'token':
        return this.renewed(event.token, event.device);
      case 'no_token':
        return this.notRenewed(event.permanent, event.end);
      case 'tick':
        return this.tick();
      default:
        return this.answered(event);
    }
  }

  // The connection.

  private connect() {
    if (this.phase !== 'off' || !this.token) return;
    if (this.over) return;
    this.halt = undefined;
    this.phase = 'connecting';
    this.step.do({ do: 'connect' });
  }

  private hello() {
    if (this.phase !== 'connecting') return;
    this.phase = 'hello';
    this.heardAt = this.now;
    this.step.send({
      t: 'hello',
      proto: protocol,
      device: this.device,
      token: this.token,
      epoch: this.epoch,
      cursors: this.scopes.cursors(this.epoch !== null),
      next_n: this.lastN + 1,
    });
  }

  private closed(code: number, error?: ErrorFrame) {
    if (this.phase === 'off') return;
    // A connection that dies as soon as it lives is no reason to hurry.
    const lived = this.phase === 'live' && this.now - this.liveAt >= livedMs;
    this.phase = 'off';
    this.sending.interrupted();
    this.scopes.interrupted();
    if (lived) this.attempts = 0;
    this.connectAt = this.now + backoff(++this.attempts, this.options.random());
    const after = error?.retry_after ?? (error?.args?.retry_after as number | undefined);
    if (after !== undefined) this.connectAt = Math.max(this.connectAt, this.now + after * 1000);
    switch (code) {
      case 4401:
        if (error?.wipe || error?.args?.wipe === true) return this.ended('lost');
        if (error?.code === 'signed_out') return this.ended('signed_out');
        return this.refresh();
      case 4403:
        this.halt = 'forbidden';
        this.connectAt = this.now + forbiddenMs;
        return;
      case 4409:
        return this.stop('outdated');
      case 4413:
        return this.halve();
    }
  }

  /** The device is none of the town's any more: it forgets all that came from the town
   * at once. What its person did and the town has not is theirs: to save, where the
   * device was lost; to find again, where they were signed out. */
  private ended(end: End) {
    this.stop(end);
    this.scopes.forget();
    if (end === 'lost') this.sending.forgetAnswers();
    this.step.write({ w: end === 'lost' ? 'revoked' : 'signed_out', device: this.device });
    this.step.do({ do: 'ended', end });
  }

  private halve() {
    const { limits } = this.step;
    this.fits = {
      push_bytes: Math.max(1024, limits.push_bytes / 2),
      push_edits: Math.max(1, Math.floor(limits.push_edits / 2)),
    };
    this.limit(limits);
  }

  /** What the server allows, and no more than what has got through. */
  private limit(limits: Limits) {
    this.step.limits = {
      ...limits,
      push_bytes: Math.min(limits.push_bytes, this.fits.push_bytes),
      push_edits: Math.min(limits.push_edits, this.fits.push_edits),
    };
  }

  private stop(halt: Halt) {
    this.halt = halt;
    this.connectAt = never;
  }

  private tick() {
    const waits = this.phase === 'off' && (!this.halt || this.halt === 'forbidden');
    if (waits && this.now >= this.connectAt) this.connect();
    const limit = this.phase === 'hello' ? helloMs : silenceMs;
    if ((this.phase === 'hello' || this.phase === 'live') && this.now - this.heardAt >= limit) {
      this.step.do({ do: 'disconnect' });
      return this.closed(0);
    }
    if (this.token && this.now >= this.tokenUntil - refreshBeforeMs) this.refresh();
    if (this.phase !== 'live') return;
    this.sending.insist();
    this.push();
    this.scopes.tick(!this.pushOnly);
    this.sending.forget();
  }

  // The token.

  private refresh() {
    if (this.refreshing || this.over) return;
    this.refreshing = true;
    this.step.do({ do: 'refresh' });
  }

  private renewed(token: string, device: string) {
    this.token = token;
    this.device = device;
    this.refreshing = false;
    if (this.halt === 'sign_in') this.halt = undefined;
    if (this.phase !== 'live') {
      this.connectAt = this.now;
      return this.connect();
    }
    this.step.send({ t: 'auth', token });
    if (!this.pushOnly) return;
    this.pushOnly = false;
    this.scopes.resubscribe();
  }

  private notRenewed(permanent: boolean, end: End | undefined) {
    this.refreshing = false;
    if (end) {
      this.phase = 'off';
      this.step.do({ do: 'disconnect' });
      return this.ended(end);
    }
    if (permanent) return this.stop('sign_in');
    this.tokenUntil = this.now + refreshBeforeMs + backoff(6, this.options.random());
    this.connectAt = this.now + backoff(++this.attempts, this.options.random());
  }

  private expires(seconds: number) {
    this.tokenUntil = this.now + seconds * 1000;
    if (seconds * 1000 <= refreshBeforeMs) this.refresh();
  }

  // Frames.

  private frame(f: ServerFrame) {
    switch (f.t) {
      case 'welcome':
        return this.welcome(f);
      case 'subbed':
        for (const p of f.scopes) this.scopes.position(p);
        return;
      case 'delta':
        return this.scopes.delta(f);
      case 'poke':
        return this.scopes.poke(f.scope);
      case 'ack':
        this.sending.ack(f.n, f.results);
        this.settle();
        return this.push();
      case 'drop':
        return this.scopes.drop(f.scope, f.why);
      case 'hb':
        return this.expires(f.token_expires_in);
      case 'error':
        if (f.code === 'gap' && f.last_n !== undefined) this.sending.gap(f.last_n);
        return;
    }
  }

  private welcome(w: Welcome) {
    if (this.phase !== 'hello') return;
    this.phase = 'live';
    this.liveAt = this.now;
    this.limit({ ...usualLimits, ...w.limits });
    if (this.epoch !== w.epoch) this.newEpoch(w.epoch);
    this.sending.numbered(w.last_n);
    this.pushOnly = w.token_expires_in <= 0;
    this.expires(w.token_expires_in);
    this.push();
    if (this.pushOnly) return;
    for (const p of w.scopes) this.scopes.position(p);
    this.scopes.subscribe([...w.offer.filter(this.options.wants), ...(this.options.more ?? [])]);
  }

  private newEpoch(epoch: string) {
    this.sending.reoffer(epoch);
    if (this.epoch !== null) this.scopes.outdate();
    this.step.epoch = epoch;
    this.step.write({ w: 'epoch', epoch });
  }

  private answered(event: Answered) {
    if (this.phase !== 'live' || !this.scopes.expects(event)) return;
    if (event.e !== 'failed') this.heardAt = this.now;
    this.scopes.answered(event);
  }

  private push() {
    if (this.phase === 'live') this.sending.push();
  }

  /** Ends the overlays whose versions are reached, and the ghosts after them. */
  private settle() {
    this.sending.settle((scope) => this.scopes.heldV(scope));
    this.scopes.lay();
  }
}
