import { backoff } from './backoff';
import { format } from './checksum';
import { Departed } from './departed';
import type { Bucket, Effect, Event, Halt, Phase } from './events';
import {
  type Answer,
  type ClientFrame,
  type Cursors,
  type Delta,
  type ErrorFrame,
  type Limits,
  type Position,
  protocol,
  type ServerFrame,
  usualLimits,
  type Welcome,
} from './frames';
import { type Acked, batch, type Item, keepAckedMs } from './outbox';
import { applyDelta, Held, type Row } from './replica';
import type { Ghost, Saved, Write } from './writes';

export type { Bucket, Effect, Event, Halt, Phase } from './events';

type Stage = 'idle' | 'tail' | 'pull' | 'snapshot' | 'repair' | 'subbing';

/** A scope and what is being done about it. */
type Track = {
  held: Held;
  stage: Stage;
  req: number;
  /** When a request that failed is made again. */
  retryAt: number;
  tries: number;
  repairAt: number;
  wantsRepair: boolean;
  /** Lanes of a repair in course, at their version. */
  repairV: number;
};

const silenceMs = 60_000;
const helloMs = 20_000;
const pushMs = 10_000;
const repairEveryMs = 60_000;
const refreshBeforeMs = 120_000;
/** Above this many differing buckets of 256 one snapshot is cheaper. */
const manyBuckets = 32;

const never = Number.POSITIVE_INFINITY;

export type Options = {
  /** The scopes that this app holds of those offered. */
  wants: (scope: string) => boolean;
  /** A number from 0 to below 1. */
  random: () => number;
};

/**
 * A device's side of sync protocol 1. It holds the replica and the outbox and
 * decides; it does nothing itself. The same events at the same times give the
 * same effects. Writes must be carried out in order, each list in one
 * transaction; a device that stopped half-way starts again from what it stored.
 */
export class Session {
  phase: Phase = 'off';
  halt: Halt | undefined;
  epoch: string | null;
  lastN: number;
  /** The token has ended: edits are taken, nothing is told. */
  pushOnly = false;
  readonly tracks = new Map<string, Track>();
  readonly ghosts = new Map<string, Ghost>();
  outbox: Item[];
  readonly acked = new Map<string, Acked>();
  private readonly departed = new Departed();

  private device = '';
  private token = '';
  private limits: Limits = usualLimits;
  private inflight: { frame: ClientFrame & { t: 'push' }; at: number } | undefined;
  /** Reports whose edits were answered retry, and until when they wait. */
  private readonly waits = new Map<string, number>();
  private heardAt = 0;
  private connectAt = 0;
  private attempts = 0;
  private tokenUntil = never;
  private refreshing = false;
  private requests = 0;
  private out: Effect[] = [];
  private writes: Write[] = [];
  private now = 0;

  constructor(
    private readonly options: Options,
    saved: Saved,
  ) {
    this.epoch = saved.epoch;
    this.lastN = saved.lastN;
    this.outbox = [...saved.outbox].sort((a, b) => a.seq - b.seq);
    for (const item of saved.acked) this.acked.set(item.edit.id, item);
    for (const ghost of saved.ghosts) this.ghosts.set(ghost.id, ghost);
    for (const s of saved.scopes) this.track(s.scope).held.replace(s.rows, s.v, s.upto);
  }

  handle(event: Event, now: number): Effect[] {
    this.now = now;
    this.out = [];
    this.writes = [];
    this.on(event);
    if (this.writes.length > 0) this.out.unshift({ do: 'write', writes: this.writes });
    return this.out;
  }

  /** When a tick is wanted next, or never. */
  next(): number {
    let at = never;
    const soon = (t: number) => {
      at = Math.min(at, t);
    };
    if (this.phase === 'off' && !this.halt && this.token) soon(this.connectAt);
    if (this.phase === 'hello') soon(this.heardAt + helloMs);
    if (this.phase === 'live') {
      soon(this.heardAt + silenceMs);
      if (this.inflight) soon(this.inflight.at + pushMs);
      else for (const until of this.waits.values()) soon(until);
      for (const t of this.tracks.values()) {
        if (t.stage === 'idle') soon(t.retryAt);
        if (t.wantsRepair && t.stage === 'tail') soon(t.repairAt);
      }
    }
    if (!this.refreshing && this.token) soon(this.tokenUntil - refreshBeforeMs);
    return at;
  }

  /** Whether every scope is told of changes as they happen. */
  get fresh(): boolean {
    if (this.phase !== 'live' || this.pushOnly) return false;
    for (const t of this.tracks.values()) if (t.stage !== 'tail') return false;
    return true;
  }

  /** The edits over a report, in order: unanswered, and answered but unseen. */
  pendingOf(report: string): Item[] {
    const list: Item[] = [];
    for (const item of this.acked.values()) {
      if (!item.settled && item.edit.report === report) list.push(item);
    }
    for (const item of this.outbox) {
      if (!item.seen && item.edit.report === report) list.push(item);
    }
    return list.sort((a, b) => a.seq - b.seq);
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
        if (!this.outbox.some((i) => i.seq === event.item.seq)) {
          this.outbox.push(event.item);
          this.outbox.sort((a, b) => a.seq - b.seq);
          this.recall(event.item.edit.report);
        }
        return this.push();
      case 'token':
        return this.renewed(event.token, event.device);
      case 'no_token':
        this.refreshing = false;
        if (event.permanent) return this.stop('sign_in');
        this.tokenUntil = this.now + refreshBeforeMs + backoff(6, this.options.random());
        this.connectAt = this.now + backoff(++this.attempts, this.options.random());
        return;
      case 'tick':
        return this.tick();
      default:
        return this.answered(event);
    }
  }

  // The connection.

  private connect() {
    if (this.phase !== 'off' || this.halt === 'wiped' || !this.token) return;
    if (this.halt === 'sign_in') return;
    this.halt = undefined;
    this.phase = 'connecting';
    this.out.push({ do: 'connect' });
  }

  private hello() {
    if (this.phase !== 'connecting') return;
    this.phase = 'hello';
    this.heardAt = this.now;
    const cursors: Cursors = {};
    for (const [scope, t] of this.tracks) {
      cursors[scope] = this.epoch === null ? null : t.held.v;
    }
    this.send({
      t: 'hello',
      proto: protocol,
      device: this.device,
      token: this.token,
      epoch: this.epoch,
      cursors,
      next_n: this.lastN + 1,
    });
  }

  private closed(code: number, error?: ErrorFrame) {
    if (this.phase === 'off') return;
    const wasLive = this.phase === 'live';
    this.phase = 'off';
    this.inflight = undefined;
    this.waits.clear();
    for (const t of this.tracks.values()) {
      t.stage = 'idle';
      t.retryAt = 0;
      t.req = 0;
    }
    if (wasLive) this.attempts = 0;
    this.connectAt = this.now + backoff(++this.attempts, this.options.random());
    const after = error?.retry_after ?? (error?.args?.retry_after as number | undefined);
    if (after !== undefined) this.connectAt = Math.max(this.connectAt, this.now + after * 1000);
    switch (code) {
      case 4401:
        if (error?.wipe || error?.args?.wipe === true) {
          this.stop('wiped');
          this.writes.push({ w: 'wipe' });
          this.out.push({ do: 'wipe' });
          return;
        }
        return this.refresh();
      case 4403:
        this.halt = 'forbidden';
        this.connectAt = this.now + 300_000;
        return;
      case 4409:
        return this.stop('outdated');
      case 4413:
        this.limits = { ...this.limits, push_bytes: Math.max(1024, this.limits.push_bytes / 2) };
        this.limits.push_edits = Math.max(1, Math.floor(this.limits.push_edits / 2));
        return;
    }
  }

  private stop(halt: Halt) {
    this.halt = halt;
    this.connectAt = never;
  }

  private refresh() {
    if (this.refreshing) return;
    this.refreshing = true;
    this.out.push({ do: 'refresh' });
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
    this.send({ t: 'auth', token });
    if (this.pushOnly) {
      this.pushOnly = false;
      const cursors: Cursors = {};
      for (const [scope, t] of this.tracks) {
        cursors[scope] = t.held.v;
        t.stage = 'subbing';
      }
      this.send({ t: 'sub', scopes: cursors });
    }
  }

  private tick() {
    if (this.phase === 'off' && !this.halt && this.now >= this.connectAt) this.connect();
    if (this.phase === 'off' && this.halt === 'forbidden' && this.now >= this.connectAt)
      this.connect();
    const limit = this.phase === 'hello' ? helloMs : silenceMs;
    if ((this.phase === 'hello' || this.phase === 'live') && this.now - this.heardAt >= limit) {
      this.out.push({ do: 'disconnect' });
      return this.closed(0);
    }
    if (this.token && this.now >= this.tokenUntil - refreshBeforeMs) this.refresh();
    if (this.phase !== 'live') return;
    if (this.inflight && this.now - this.inflight.at >= pushMs) {
      this.inflight.at = this.now;
      this.send(this.inflight.frame);
    }
    this.push();
    for (const t of this.tracks.values()) {
      if (t.stage === 'idle' && this.now >= t.retryAt && !this.pushOnly) this.catchUp(t);
      if (t.wantsRepair && t.stage === 'tail' && this.now >= t.repairAt) this.repair(t);
    }
    this.forget();
  }

  private forget() {
    for (const [id, item] of this.acked) {
      if (item.settled && this.now - item.at > keepAckedMs) {
        this.acked.delete(id);
        this.writes.push({ w: 'forget', id });
      }
    }
  }

  private send(frame: ClientFrame) {
    this.out.push({ do: 'send', frame });
  }

  // Frames.

  private frame(f: ServerFrame) {
    switch (f.t) {
      case 'welcome':
        return this.welcome(f);
      case 'subbed':
        for (const p of f.scopes) this.position(p);
        return;
      case 'delta': {
        const t = this.tracks.get(f.scope);
        if (t?.stage === 'tail') this.delta(t, f);
        return;
      }
      case 'poke': {
        const t = this.tracks.get(f.scope);
        if (t?.stage === 'tail' || t?.stage === 'subbing') this.pull(t);
        return;
      }
      case 'ack':
        return this.ack(f.n, f.results);
      case 'drop':
        return this.drop(f.scope, f.why);
      case 'hb':
        this.expires(f.token_expires_in);
        return;
      case 'error':
        if (f.code === 'gap' && f.last_n !== undefined) {
          this.inflight = undefined;
          this.numbered(f.last_n);
          this.push();
        }
        return;
    }
  }

  private expires(seconds: number) {
    this.tokenUntil = this.now + seconds * 1000;
    if (seconds * 1000 <= refreshBeforeMs) this.refresh();
  }

  private welcome(w: Welcome) {
    if (this.phase !== 'hello') return;
    this.phase = 'live';
    this.attempts = 0;
    this.limits = { ...usualLimits, ...this.limits, ...w.limits };
    if (this.epoch !== w.epoch) this.newEpoch(w.epoch);
    this.numbered(w.last_n);
    this.pushOnly = w.token_expires_in <= 0;
    this.expires(w.token_expires_in);
    this.push();
    if (this.pushOnly) return;
    for (const p of w.scopes) this.position(p);
    const missing: Cursors = {};
    for (const scope of w.offer) {
      if (this.tracks.has(scope) || !this.options.wants(scope)) continue;
      this.track(scope).stage = 'subbing';
      missing[scope] = null;
    }
    if (Object.keys(missing).length > 0) this.send({ t: 'sub', scopes: missing });
  }

  private numbered(n: number) {
    if (n === this.lastN) return;
    this.lastN = n;
    this.writes.push({ w: 'last_n', n });
  }

  /** What was acknowledged lately may be lost: it is offered again. */
  private newEpoch(epoch: string) {
    if (this.epoch !== null) {
      for (const [id, { answer, at, settled, read, ...item }] of this.acked) {
        if (this.now - at > keepAckedMs) continue;
        this.acked.delete(id);
        const again: Item = { ...item, seen: false, epoch: item.epoch ?? this.epoch };
        this.outbox.push(again);
        this.writes.push({ w: 'reoffer', item: again });
      }
      this.outbox.sort((a, b) => a.seq - b.seq);
    }
    this.epoch = epoch;
    this.writes.push({ w: 'epoch', epoch });
  }

  private position(p: Position) {
    const t = this.track(p.scope);
    if (p.mode === 'tail') {
      t.stage = 'tail';
      t.tries = 0;
    } else if (p.mode === 'pull') this.pull(t);
    else this.snapshot(t);
  }

  private track(scope: string): Track {
    let t = this.tracks.get(scope);
    if (!t) {
      t = {
        held: new Held(scope),
        stage: 'idle',
        req: 0,
        retryAt: 0,
        tries: 0,
        repairAt: 0,
        wantsRepair: false,
        repairV: 0,
      };
      this.tracks.set(scope, t);
    }
    return t;
  }

  private delta(t: Track, d: Delta): boolean {
    const done = applyDelta(t.held, d);
    if (done === 'old') return true;
    if (done === 'ahead') {
      this.pull(t);
      return false;
    }
    const scope = t.held.scope;
    for (const row of done.put) {
      this.writes.push({ w: 'row', scope, row });
      if (this.ghosts.delete(row.id)) this.writes.push({ w: 'unghost', id: row.id });
    }
    for (const { row, why } of done.gone) {
      this.writes.push({ w: 'gone', scope, id: row.id });
      this.left(scope, row, why);
    }
    this.writes.push({ w: 'cursor', scope, v: t.held.v, upto: t.held.upto });
    for (const id of done.edits) this.seen(id);
    this.settle();
    if (done.mismatch || done.unknown) {
      t.wantsRepair = true;
      if (t.stage === 'tail' && this.now >= t.repairAt) this.repair(t);
    }
    return true;
  }

  // Catching up.

  private request(t: Track, stage: Stage): number {
    t.stage = stage;
    t.req = ++this.requests;
    return t.req;
  }

  private catchUp(t: Track) {
    t.stage = 'subbing';
    this.send({ t: 'sub', scopes: { [t.held.scope]: t.held.v } });
  }

  private pull(t: Track) {
    this.out.push({
      do: 'pull',
      scope: t.held.scope,
      req: this.request(t, 'pull'),
      from: t.held.v,
      epoch: this.epoch ?? '',
      limit: this.limits.pull_ops,
    });
  }

  private snapshot(t: Track) {
    this.out.push({
      do: 'snapshot',
      scope: t.held.scope,
      req: this.request(t, 'snapshot'),
      epoch: this.epoch ?? '',
    });
  }

  private repair(t: Track) {
    t.wantsRepair = false;
    t.repairAt = this.now + repairEveryMs;
    this.out.push({
      do: 'lanes',
      scope: t.held.scope,
      req: this.request(t, 'repair'),
      epoch: this.epoch ?? '',
      at: t.held.v,
      sum: format(t.held.sum),
    });
  }

  private answered(
    event: Exclude<
      Event,
      { e: 'start' | 'open' | 'closed' | 'frame' | 'captured' | 'token' | 'no_token' | 'tick' }
    >,
  ) {
    const t = this.tracks.get(event.scope);
    if (!t || t.req !== event.req || this.phase !== 'live') return;
    if (event.e !== 'failed') this.heardAt = this.now;
    switch (event.e) {
      case 'pulled':
        for (const d of event.deltas) {
          const before = t.req;
          this.delta(t, d);
          if (t.req !== before) return;
        }
        if (event.deltas.length > 0) this.pull(t);
        else this.catchUp(t);
        return;
      case 'snapshot':
        if (event.epoch !== this.epoch) return this.again(t);
        this.replaced(t, event.rows, event.v, event.upto);
        return this.catchUp(t);
      case 'lanes':
        if (event.epoch !== this.epoch) return this.again(t);
        return this.compare(t, event.v, event.lanes);
      case 'buckets':
        this.rebucket(t, event.buckets);
        return this.catchUp(t);
      case 'failed':
        if (event.status === 410) return this.snapshot(t);
        if (event.status === 403) return this.drop(event.scope, 'forbidden');
        if (event.status === 401) this.refresh();
        return this.again(t);
    }
  }

  private again(t: Track) {
    t.stage = 'idle';
    t.req = 0;
    t.retryAt = this.now + backoff(++t.tries, this.options.random());
  }

  private replaced(t: Track, rows: Row[], v: number, upto: number) {
    const before = [...t.held.rows.values()];
    t.held.replace(rows, v, upto);
    this.writes.push({ w: 'replace', scope: t.held.scope, rows, v, upto });
    for (const row of before) if (!t.held.rows.has(row.id)) this.left(t.held.scope, row, '');
    for (const row of rows) {
      if (this.ghosts.delete(row.id)) this.writes.push({ w: 'unghost', id: row.id });
    }
    this.settle();
  }

  private compare(t: Track, v: number, lanes: string[]) {
    const mine = t.held.lanes();
    const prefixes: string[] = [];
    for (let i = 0; i < 256; i++) {
      if (lanes[i] !== mine[i]) prefixes.push(i.toString(16).padStart(2, '0'));
    }
    if (prefixes.length > manyBuckets) return this.snapshot(t);
    t.repairV = v;
    if (prefixes.length === 0) {
      this.rebucket(t, []);
      return this.catchUp(t);
    }
    this.out.push({
      do: 'buckets',
      scope: t.held.scope,
      req: t.req,
      epoch: this.epoch ?? '',
      prefixes,
    });
  }

  private rebucket(t: Track, buckets: Bucket[]) {
    const { held } = t;
    let upto = t.repairV;
    for (const { prefix, v, rows } of buckets) {
      upto = Math.max(upto, v);
      const here = new Set(rows.map((r) => r.id));
      for (const row of [...held.rows.values()]) {
        if (!row.id.startsWith(prefix) || here.has(row.id)) continue;
        held.remove(row.id);
        this.writes.push({ w: 'gone', scope: held.scope, id: row.id });
        this.left(held.scope, row, '');
      }
      for (const row of rows) {
        held.put(row);
        this.writes.push({ w: 'row', scope: held.scope, row });
      }
    }
    held.v = t.repairV;
    held.upto = upto;
    this.writes.push({ w: 'cursor', scope: held.scope, v: held.v, upto });
    this.settle();
  }

  private drop(scope: string, why: string) {
    const t = this.tracks.get(scope);
    if (!t) return;
    this.tracks.delete(scope);
    this.writes.push({ w: 'drop', scope });
    for (const row of t.held.rows.values()) this.left(scope, row, why);
    this.settle();
    // What may be read has changed: ask once more, from nothing. A scope that is
    // gone for good is then dropped as forbidden.
    if (why === 'revoked') this.send({ t: 'sub', scopes: { [scope]: null } });
  }

  /** A report that leaves under unsettled work stays to be looked at. */
  private left(scope: string, row: Row, why: string) {
    if (this.holds(row.id)) return;
    const ghost = { id: row.id, scope, row, why };
    if (this.pendingOf(row.id).length > 0 || this.unanswered(row.id)) this.haunt(ghost);
    else this.departed.add(ghost);
  }

  /** Work on a report that has left meanwhile brings it back, to be looked at. */
  private recall(report: string) {
    if (this.ghosts.has(report) || this.holds(report)) return;
    const ghost = this.departed.take(report);
    if (ghost) this.haunt(ghost);
  }

  private haunt(ghost: Ghost) {
    this.ghosts.set(ghost.id, ghost);
    this.writes.push({ w: 'ghost', ghost });
  }

  private holds(report: string): boolean {
    for (const t of this.tracks.values()) if (t.held.rows.has(report)) return true;
    return false;
  }

  private unanswered(report: string): boolean {
    return this.outbox.some((i) => i.edit.report === report);
  }

  // The outbox.

  private push() {
    if (this.phase !== 'live' || this.inflight) return;
    for (const [report, until] of this.waits) if (this.now >= until) this.waits.delete(report);
    const edits = batch(this.outbox, this.limits, this.epoch, (r) => this.waits.has(r));
    if (edits.length === 0) return;
    const frame = { t: 'push' as const, n0: this.lastN + 1, edits };
    this.inflight = { frame, at: this.now };
    this.send(frame);
  }

  private ack(n: number, results: Answer[]) {
    if (n > this.lastN) this.numbered(n);
    for (const answer of results) {
      if (this.inflight?.frame.edits.some((e) => e.id === answer.id)) this.inflight = undefined;
      if (answer.status === 'retry') {
        const wait = (answer.retry_after ?? 5) * 1000 + this.options.random() * 1000;
        const report = this.outbox.find((i) => i.edit.id === answer.id)?.edit.report;
        if (report) this.waits.set(report, this.now + wait);
        continue;
      }
      this.answer(answer);
    }
    this.settle();
    this.push();
  }

  private answer(answer: Answer) {
    const at = this.outbox.findIndex((i) => i.edit.id === answer.id);
    const item = this.outbox[at];
    if (!item) return;
    this.outbox.splice(at, 1);
    const settled = answer.status === 'refused' || item.seen === true;
    const acked: Acked = {
      ...item,
      epoch: item.epoch ?? this.epoch,
      answer,
      at: this.now,
      settled,
    };
    this.acked.set(answer.id, acked);
    this.writes.push({ w: 'acked', item: acked });
  }

  private seen(id: string) {
    const item = this.outbox.find((i) => i.edit.id === id);
    if (item && !item.seen) {
      item.seen = true;
      this.writes.push({ w: 'item', item });
    }
    const acked = this.acked.get(id);
    if (acked && !acked.settled) {
      acked.settled = true;
      this.writes.push({ w: 'acked', item: acked });
    }
  }

  /** Ends the overlays whose versions are reached, and the ghosts after them. */
  private settle() {
    for (const item of this.acked.values()) {
      if (item.settled) continue;
      const behind = Object.entries(item.answer.versions ?? {}).some(([scope, v]) => {
        const held = this.tracks.get(scope)?.held;
        return held !== undefined && held.v < v;
      });
      if (behind) continue;
      item.settled = true;
      this.writes.push({ w: 'acked', item });
    }
    for (const id of this.ghosts.keys()) {
      if (this.pendingOf(id).length > 0 || this.unanswered(id)) continue;
      this.ghosts.delete(id);
      this.writes.push({ w: 'unghost', id });
    }
  }
}
