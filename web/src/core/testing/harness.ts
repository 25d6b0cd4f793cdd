import type { Edit } from '../civic';
import type { ClientFrame, ServerFrame } from '../frames';
import type { Item } from '../outbox';
import { type Effect, type Event, Session } from '../session';
import type { End } from '../store';
import { nothingSaved, type Saved, type Write } from '../writes';
import type { Town } from './town';

/** A disk that carries out writes whole, for a device that may stop at any time. */
export class Disk {
  saved: Saved = structuredClone(nothingSaved);
  private seq = 0;

  capture(edit: Edit): Item {
    const item: Item = { seq: ++this.seq, edit, label: '', epoch: this.saved.epoch };
    this.saved.outbox.push(structuredClone(item));
    return item;
  }

  write(writes: readonly Write[]) {
    const s = this.saved;
    for (const w of structuredClone(writes) as Write[]) {
      let scope = 'scope' in w ? s.scopes.find((x) => x.scope === w.scope) : undefined;
      if (!scope && (w.w === 'row' || w.w === 'cursor')) {
        scope = { scope: w.scope, v: 0, upto: 0, rows: [] };
        s.scopes.push(scope);
      }
      if (w.w === 'row' && scope)
        scope.rows = [...scope.rows.filter((r) => r.id !== w.row.id), w.row];
      else if (w.w === 'gone' && scope) scope.rows = scope.rows.filter((r) => r.id !== w.id);
      else if (w.w === 'cursor' && scope) Object.assign(scope, { v: w.v, upto: w.upto });
      else if (w.w === 'replace' || w.w === 'drop') {
        s.scopes = s.scopes.filter((x) => x.scope !== w.scope);
        if (w.w === 'replace')
          s.scopes.push({ scope: w.scope, v: w.v, upto: w.upto, rows: w.rows });
      } else if (w.w === 'ghost')
        s.ghosts = [...s.ghosts.filter((g) => g.id !== w.ghost.id), w.ghost];
      else if (w.w === 'unghost') s.ghosts = s.ghosts.filter((g) => g.id !== w.id);
      else if (w.w === 'item') s.outbox = s.outbox.map((i) => (i.seq === w.item.seq ? w.item : i));
      else if (w.w === 'withdrawn') s.outbox = s.outbox.filter((i) => i.seq !== w.seq);
      else if (w.w === 'signed_out') Object.assign(s, { scopes: [], ghosts: [] });
      else if (w.w === 'revoked') Object.assign(s, { scopes: [], ghosts: [], acked: [] });
      else if (w.w === 'acked') {
        s.outbox = s.outbox.filter((i) => i.seq !== w.item.seq);
        s.acked = [...s.acked.filter((i) => i.edit.id !== w.item.edit.id), w.item];
      } else if (w.w === 'reoffer') {
        s.acked = s.acked.filter((i) => i.edit.id !== w.item.edit.id);
        s.outbox = [...s.outbox, w.item];
      } else if (w.w === 'forget') s.acked = s.acked.filter((i) => i.edit.id !== w.id);
      else if (w.w === 'epoch') s.epoch = w.epoch;
      else if (w.w === 'last_n') s.lastN = w.n;
    }
  }
}

/**
 * A device and its wire to a Town. Nothing moves by itself: a test lets each
 * frame and each answer through, in the order, number and time that it likes.
 */
export class Wire {
  now = 1_000_000;
  session: Session;
  /** Frames and answers on their way to the device. */
  readonly incoming: Event[] = [];
  readonly sent: ClientFrame[] = [];
  connected = false;
  refreshes = 0;
  /** How often the device found its checksum wrong. */
  repairs = 0;
  ended: End | undefined;
  private told = new Map<string, number>();

  constructor(
    readonly town: Town,
    readonly disk = new Disk(),
    readonly random: () => number = () => 0.5,
  ) {
    this.session = new Session({ wants: () => true, random }, structuredClone(disk.saved));
  }

  /** Rows of a snapshot are read while others work: its cursor is from before the
   * first row, its end from after the last. */
  private lastRow(event: Event) {
    if (event.e !== 'snapshot' || event.epoch !== this.town.epoch) return;
    const { rows, upto } = this.town.snapshot(event.scope);
    Object.assign(event, { rows, upto });
  }

  feed(event: Event) {
    this.lastRow(event);
    for (const effect of this.session.handle(event, this.now)) this.carry(effect);
  }

  start() {
    this.feed({ e: 'token', token: 'T', device: 'd' });
  }

  /** The device loses its memory and wakes with its disk. */
  restart() {
    this.connected = false;
    this.incoming.length = 0;
    this.told.clear();
    this.session = new Session(
      { wants: () => true, random: this.random },
      structuredClone(this.disk.saved),
    );
    this.start();
  }

  /** Ends the connection. What was asked over HTTP may still be answered. */
  cut(code = 1006, answersLive = false) {
    this.connected = false;
    const answers = this.incoming.filter((e) => 'req' in e);
    this.incoming.length = 0;
    if (answersLive) this.incoming.push(...answers);
    this.told.clear();
    this.feed({ e: 'closed', code });
  }

  pass(ms: number) {
    this.now += ms;
    this.feed({ e: 'tick' });
  }

  /** The last push arrives once more, as after a lost answer. */
  echo() {
    const last = this.sent.findLast((f) => f.t === 'push');
    if (last && this.connected) this.receive(structuredClone(last));
  }

  private carry(effect: Effect) {
    switch (effect.do) {
      case 'connect':
        this.connected = true;
        this.incoming.push({ e: 'open' });
        return;
      case 'disconnect':
        this.connected = false;
        this.incoming.length = 0;
        this.told.clear();
        return;
      case 'send':
        this.sent.push(structuredClone(effect.frame));
        if (this.connected) this.receive(structuredClone(effect.frame));
        return;
      case 'write':
        this.disk.write(effect.writes);
        return;
      case 'refresh':
        this.refreshes++;
        return;
      case 'ended':
        this.ended = effect.end;
        return;
      case 'pull':
        if (this.gone(effect)) return;
        this.incoming.push({
          e: 'pulled',
          scope: effect.scope,
          req: effect.req,
          deltas: structuredClone(this.town.deltas(effect.scope, effect.from).slice(0, 3)),
        });
        return;
      case 'snapshot':
        if (this.gone(effect)) return;
        this.incoming.push({
          e: 'snapshot',
          scope: effect.scope,
          req: effect.req,
          ...this.town.snapshot(effect.scope),
        });
        return;
      case 'lanes':
        this.repairs++;
        if (this.gone(effect)) return;
        this.incoming.push({
          e: 'lanes',
          scope: effect.scope,
          req: effect.req,
          ...this.town.lanes(effect.scope),
        });
        return;
      case 'buckets':
        if (this.gone(effect)) return;
        this.incoming.push({
          e: 'buckets',
          scope: effect.scope,
          req: effect.req,
          buckets: effect.prefixes.map((prefix) => ({
            prefix,
            ...this.town.snapshot(effect.scope, prefix),
          })),
        });
        return;
    }
  }

  /** A request that the town does not serve: of another epoch, or from before its
   * log begins. */
  private gone(r: { scope: string; req: number; epoch: string; from?: number }): boolean {
    const since = r.from === undefined || r.from >= this.town.log(r.scope).min;
    if (r.epoch === this.town.epoch && since) return false;
    this.incoming.push({ e: 'failed', scope: r.scope, req: r.req, status: 410 });
    return true;
  }

  private tell(frame: ServerFrame) {
    this.incoming.push({ e: 'frame', frame: structuredClone(frame) });
  }

  private receive(f: ClientFrame) {
    const tail = (scope: string, v: number | null, mode: string) => {
      if (mode === 'tail' && v !== null) this.told.set(scope, v);
    };
    switch (f.t) {
      case 'hello': {
        const w = this.town.welcome(f.cursors, f.epoch);
        this.tell(w);
        for (const p of w.scopes) tail(p.scope, f.cursors[p.scope] ?? null, p.mode);
        for (const s of Object.keys(f.cursors)) {
          if (!this.town.offer.includes(s)) this.tell({ t: 'drop', scope: s, why: 'forbidden' });
        }
        break;
      }
      case 'sub': {
        const scopes = Object.entries(f.scopes).map(([s, v]) =>
          this.town.position(s, v, this.town.epoch),
        );
        this.tell({ t: 'subbed', scopes });
        for (const p of scopes) tail(p.scope, f.scopes[p.scope] ?? null, p.mode);
        break;
      }
      case 'push':
        this.tell(this.town.push(f.n0, f.edits));
        break;
      case 'auth':
        this.tell({ t: 'hb', token_expires_in: this.town.tokenSeconds });
        break;
    }
    this.flow();
  }

  /** Puts on the wire the deltas that the town owes this device. */
  flow() {
    for (const [scope, v] of this.told) {
      for (const d of this.town.deltas(scope, v)) this.tell(d);
      this.told.set(scope, this.town.log(scope).head);
    }
  }

  /** Lets everything through, in order, until nothing moves. */
  settle(limit = 10_000) {
    for (let i = 0; i < limit; i++) {
      this.flow();
      const event = this.incoming.shift();
      if (!event) return;
      this.feed(event);
    }
    throw new Error('the wire does not come to rest');
  }
}
