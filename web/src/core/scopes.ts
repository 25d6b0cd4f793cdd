import { backoff } from './backoff';
import { format } from './checksum';
import { Departed } from './departed';
import type { Bucket, Event } from './events';
import type { Cursors, Delta, Position } from './frames';
import { applyDelta, Held, type Row } from './replica';
import type { Step } from './step';
import type { Ghost, Saved } from './writes';

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

/** An answer to a request about a scope. */
export type Answered = Extract<
  Event,
  { e: 'pulled' | 'snapshot' | 'lanes' | 'buckets' | 'failed' }
>;

/** What the scopes ask of the rest of the session. */
export type Around = {
  /** Whether a report has work of this device that is not settled. */
  unsettled: (report: string) => boolean;
  /** An op has named an edit. */
  seen: (edit: string) => void;
  /** Something was reached, or left. */
  settle: () => void;
  /** The token is no longer good. */
  refresh: () => void;
};

/** The cursor of a scope whose rows are of another epoch. */
const nowhere = -1;
const repairEveryMs = 60_000;
/** Above this many differing buckets of 256 one snapshot is cheaper. */
const manyBuckets = 32;

/**
 * The replica, scope by scope: follows deltas, catches up by pull, snapshot and
 * repair, and keeps what left under unsettled work.
 */
export class Scopes {
  readonly tracks = new Map<string, Track>();
  readonly ghosts = new Map<string, Ghost>();
  private readonly departed = new Departed();
  private requests = 0;

  constructor(
    private readonly step: Step,
    private readonly around: Around,
    saved: Saved,
  ) {
    for (const ghost of saved.ghosts) this.ghosts.set(ghost.id, ghost);
    for (const s of saved.scopes) this.track(s.scope).held.replace(s.rows, s.v, s.upto);
  }

  /** Whether every scope is told of changes as they happen. */
  get fresh(): boolean {
    for (const t of this.tracks.values()) if (t.stage !== 'tail') return false;
    return true;
  }

  /** Where each scope stands; from nothing where no epoch is known. */
  cursors(known: boolean): Cursors {
    const cursors: Cursors = {};
    for (const [scope, t] of this.tracks) cursors[scope] = known && t.held.v >= 0 ? t.held.v : null;
    return cursors;
  }

  /** Cursors count in their own epoch only: from the next one's first moment each
   * scope stands nowhere, until its snapshot comes, however often the connection
   * is cut before. Its rows are shown meanwhile. */
  outdate() {
    for (const { held } of this.tracks.values()) {
      held.v = nowhere;
      this.step.write({ w: 'cursor', scope: held.scope, v: nowhere, upto: nowhere });
    }
  }

  heldV(scope: string): number | undefined {
    return this.tracks.get(scope)?.held.v;
  }

  /** When a tick is wanted for requests to repeat and repairs to begin. */
  *due(): Iterable<number> {
    for (const t of this.tracks.values()) {
      if (t.stage === 'idle') yield t.retryAt;
      if (t.wantsRepair && t.stage === 'tail') yield t.repairAt;
    }
  }

  tick(mayAsk: boolean) {
    for (const t of this.tracks.values()) {
      if (t.stage === 'idle' && this.step.now >= t.retryAt && mayAsk) this.catchUp(t);
      if (t.wantsRepair && t.stage === 'tail' && this.step.now >= t.repairAt) this.repair(t);
    }
  }

  /** The connection is gone: nothing is under way any more. */
  interrupted() {
    for (const t of this.tracks.values()) {
      t.stage = 'idle';
      t.retryAt = 0;
      t.req = 0;
    }
  }

  /** Subscribes to scopes from nothing. */
  subscribe(scopes: readonly string[]) {
    const missing: Cursors = {};
    for (const scope of scopes) {
      if (this.tracks.has(scope)) continue;
      this.track(scope).stage = 'subbing';
      missing[scope] = null;
    }
    if (Object.keys(missing).length > 0) this.step.send({ t: 'sub', scopes: missing });
  }

  /** Subscribes again to all that is held. */
  resubscribe() {
    for (const t of this.tracks.values()) t.stage = 'subbing';
    this.step.send({ t: 'sub', scopes: this.cursors(true) });
  }

  position(p: Position) {
    const t = this.track(p.scope);
    if (p.mode === 'tail') {
      t.stage = 'tail';
      t.tries = 0;
    } else if (p.mode === 'pull') this.pull(t);
    else this.snapshot(t);
  }

  delta(d: Delta) {
    const t = this.tracks.get(d.scope);
    if (t?.stage === 'tail') this.apply(t, d);
  }

  poke(scope: string) {
    const t = this.tracks.get(scope);
    if (t?.stage === 'tail' || t?.stage === 'subbing') this.pull(t);
  }

  drop(scope: string, why: string) {
    const t = this.tracks.get(scope);
    if (!t) return;
    this.tracks.delete(scope);
    this.step.write({ w: 'drop', scope });
    for (const row of t.held.rows.values()) this.left(scope, row, why);
    this.around.settle();
    // What may be read has changed: ask once more, from nothing. A scope that is
    // gone for good is then dropped as forbidden.
    if (why === 'revoked') this.step.send({ t: 'sub', scopes: { [scope]: null } });
  }

  answered(event: Answered) {
    const t = this.tracks.get(event.scope);
    if (!t || t.req !== event.req) return;
    switch (event.e) {
      case 'pulled':
        for (const d of event.deltas) {
          this.apply(t, d);
          if (t.req !== event.req) return;
        }
        if (event.deltas.length > 0) this.pull(t);
        else this.catchUp(t);
        return;
      case 'snapshot':
        if (event.epoch !== this.step.epoch) return this.again(t);
        this.replaced(t, event.rows, event.v, event.upto);
        return this.catchUp(t);
      case 'lanes':
        if (event.epoch !== this.step.epoch) return this.again(t);
        return this.compare(t, event.v, event.lanes);
      case 'buckets':
        this.rebucket(t, event.buckets);
        return this.catchUp(t);
      case 'failed':
        if (event.status === 410) return this.snapshot(t);
        if (event.status === 403) return this.drop(event.scope, 'forbidden');
        if (event.status === 401) this.around.refresh();
        return this.again(t);
    }
  }

  /** Whether an answer is one that is waited for. */
  expects(event: Answered): boolean {
    return this.tracks.get(event.scope)?.req === event.req;
  }

  /** Work on a report that has left meanwhile brings it back, to be looked at. */
  recall(report: string) {
    if (this.ghosts.has(report) || this.holds(report)) return;
    const ghost = this.departed.take(report);
    if (ghost) this.haunt(ghost);
  }

  /** Forgets everything that is held. */
  forget() {
    this.tracks.clear();
    this.ghosts.clear();
    this.departed.clear();
  }

  /** Lets go of the ghosts whose work is settled. */
  lay() {
    for (const id of this.ghosts.keys()) if (!this.around.unsettled(id)) this.unghost(id);
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

  private apply(t: Track, d: Delta) {
    const done = applyDelta(t.held, d);
    if (done === 'old') return;
    if (done === 'ahead') return this.pull(t);
    const scope = t.held.scope;
    for (const row of done.put) {
      this.step.write({ w: 'row', scope, row });
      if (this.ghosts.has(row.id)) this.unghost(row.id);
    }
    for (const { row, why } of done.gone) {
      this.step.write({ w: 'gone', scope, id: row.id });
      this.left(scope, row, why);
    }
    this.step.write({ w: 'cursor', scope, v: t.held.v, upto: t.held.upto });
    for (const id of done.edits) this.around.seen(id);
    this.around.settle();
    if (done.mismatch || done.unknown) {
      t.wantsRepair = true;
      if (t.stage === 'tail' && this.step.now >= t.repairAt) this.repair(t);
    }
  }

  private request(t: Track, stage: Stage): number {
    t.stage = stage;
    t.req = ++this.requests;
    return t.req;
  }

  private get epoch(): string {
    return this.step.epoch ?? '';
  }

  private catchUp(t: Track) {
    t.stage = 'subbing';
    this.step.send({ t: 'sub', scopes: { [t.held.scope]: t.held.v } });
  }

  private pull(t: Track) {
    const { scope, v: from } = t.held;
    const limit = this.step.limits.pull_ops;
    this.step.do({
      do: 'pull',
      scope,
      req: this.request(t, 'pull'),
      from,
      epoch: this.epoch,
      limit,
    });
  }

  private snapshot(t: Track) {
    const { scope } = t.held;
    this.step.do({ do: 'snapshot', scope, req: this.request(t, 'snapshot'), epoch: this.epoch });
  }

  private repair(t: Track) {
    t.wantsRepair = false;
    t.repairAt = this.step.now + repairEveryMs;
    const { scope, v: at, sum } = t.held;
    this.step.do({
      do: 'lanes',
      scope,
      req: this.request(t, 'repair'),
      epoch: this.epoch,
      at,
      sum: format(sum),
    });
  }

  private again(t: Track) {
    t.stage = 'idle';
    t.req = 0;
    t.retryAt = this.step.now + backoff(++t.tries, this.step.random());
  }

  private replaced(t: Track, rows: Row[], v: number, upto: number) {
    const before = [...t.held.rows.values()];
    t.held.replace(rows, v, upto);
    this.step.write({ w: 'replace', scope: t.held.scope, rows, v, upto });
    for (const row of before) if (!t.held.rows.has(row.id)) this.left(t.held.scope, row, '');
    for (const row of rows) if (this.ghosts.has(row.id)) this.unghost(row.id);
    this.around.settle();
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
    const { scope } = t.held;
    this.step.do({ do: 'buckets', scope, req: t.req, epoch: this.epoch, prefixes });
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
        this.step.write({ w: 'gone', scope: held.scope, id: row.id });
        this.left(held.scope, row, '');
      }
      for (const row of rows) {
        held.put(row);
        this.step.write({ w: 'row', scope: held.scope, row });
      }
    }
    held.v = t.repairV;
    held.upto = upto;
    this.step.write({ w: 'cursor', scope: held.scope, v: held.v, upto });
    this.around.settle();
  }

  /** A report that leaves under unsettled work stays to be looked at. */
  private left(scope: string, row: Row, why: string) {
    if (this.holds(row.id)) return;
    const ghost = { id: row.id, scope, row, why };
    if (this.around.unsettled(row.id)) this.haunt(ghost);
    else this.departed.add(ghost);
  }

  private haunt(ghost: Ghost) {
    this.ghosts.set(ghost.id, ghost);
    this.step.write({ w: 'ghost', ghost });
  }

  private unghost(id: string) {
    this.ghosts.delete(id);
    this.step.write({ w: 'unghost', id });
  }

  private holds(report: string): boolean {
    for (const t of this.tracks.values()) if (t.held.rows.has(report)) return true;
    return false;
  }
}
