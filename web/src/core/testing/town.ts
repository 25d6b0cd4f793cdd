import { add, empty, format, type Sum, sub, sumOf } from '../checksum';
import type { Actor, Edit, Report } from '../civic';
import {
  type Answer,
  type Delta,
  type Op,
  type Position,
  type ServerFrame,
  usualLimits,
  type Welcome,
} from '../frames';
import { merge } from '../patch';
import type { Row } from '../replica';
import { apply } from '../rules/apply';
import type { Rules } from '../rules/change';

type Log = { head: number; min: number; deltas: Delta[]; members: Map<string, Row>; sum: Sum };

/** A server of sync protocol 1 in memory, for tests: one device, one town. */
export class Town {
  epoch = 'e0000000-0000-7000-8000-000000000001';
  lastN = 0;
  readonly reports = new Map<string, Report>();
  readonly logs = new Map<string, Log>();
  readonly results = new Map<string, Answer>();
  /** Reports whose edits are answered "retry" for now. */
  readonly busy = new Set<string>();
  offer: string[] = [];
  tokenSeconds = 900;

  constructor(
    readonly rules: Rules,
    public actor: Actor,
    readonly clock: () => number = () => 0,
  ) {}

  log(scope: string): Log {
    let l = this.logs.get(scope);
    if (!l) {
      l = { head: 0, min: 0, deltas: [], members: new Map(), sum: empty };
      this.logs.set(scope, l);
    }
    return l;
  }

  /** Puts a row of any kind into a scope, as one version. */
  emit(scope: string, op: Omit<Op, 'v'>) {
    const l = this.log(scope);
    const old = l.members.get(op.id);
    if (old) l.sum = sub(l.sum, sumOf(old.id, old.rev));
    if (op.k === 'leave') l.members.delete(op.id);
    else {
      const body = (op.k === 'patch' ? merge(old?.body, op.body) : op.body) as Row['body'];
      l.members.set(op.id, { id: op.id, rev: op.rev, body });
      l.sum = add(l.sum, sumOf(op.id, op.rev));
    }
    const from = l.head++;
    l.deltas.push({
      t: 'delta',
      scope,
      from,
      to: l.head,
      ops: [{ ...op, v: l.head }],
      sum: format(l.sum),
    });
  }

  /** Stores a report as it is now and tells every scope it was or is in. */
  save(after: Report, edit?: string): Record<string, number> {
    const before = this.reports.get(after.id);
    this.reports.set(after.id, after);
    const was = before ? scopesOf(before) : [];
    const is = scopesOf(after);
    const versions: Record<string, number> = {};
    const named = edit ? { edit } : {};
    for (const scope of is) {
      const held = this.log(scope).members.get(after.id);
      const body = bodyOf(after);
      if (held)
        this.emit(scope, {
          k: 'patch',
          id: after.id,
          rev: after.rev,
          body: diff(held.body, body),
          ...named,
        });
      else this.emit(scope, { k: 'enter', id: after.id, rev: after.rev, body, ...named });
      versions[scope] = this.log(scope).head;
    }
    for (const scope of was.filter((s) => !is.includes(s))) {
      this.emit(scope, { k: 'leave', id: after.id, rev: after.rev, why: 'reassigned', ...named });
      versions[scope] = this.log(scope).head;
    }
    return versions;
  }

  /** An edit by somebody else. */
  edit(report: string, kind: string, args: Record<string, unknown>, actor: Actor, id: string) {
    const r = this.reports.get(report) as Report;
    const e: Edit = { id, report, base_rev: r.rev, kind, args };
    const out = apply(this.rules, r, e, actor, this.time());
    if (out.report !== r) this.save(out.report, id);
    return out.result;
  }

  time = () => new Date(this.clock()).toISOString();

  /** What a backup of this moment holds. */
  backup() {
    const { reports, logs, results, lastN } = this;
    return structuredClone({ reports, logs, results, lastN });
  }

  /** The town is as it was, in a new epoch. */
  restore(from: ReturnType<Town['backup']>, epoch: string) {
    for (const name of ['reports', 'logs', 'results'] as const) {
      const mine = this[name] as Map<string, unknown>;
      mine.clear();
      for (const [k, v] of structuredClone(from[name])) mine.set(k, v);
    }
    this.lastN = from.lastN;
    this.epoch = epoch;
  }

  /** Lets go of the log up to so many versions before its head. */
  prune(scope: string, keep: number) {
    const l = this.log(scope);
    l.min = Math.max(l.min, l.head - keep);
    l.deltas = l.deltas.filter((d) => d.to > l.min);
  }

  private decide(e: Edit, n: number): Answer {
    const known = this.results.get(e.id);
    if (known) return { ...known, n };
    if (this.busy.has(e.report)) return { id: e.id, n, status: 'retry', retry_after: 1 };
    const r = this.reports.get(e.report);
    if (!r)
      return this.keep({ id: e.id, n, status: 'refused', code: 'unknown_report', versions: {} });
    const base = e.epoch !== undefined && e.epoch !== this.epoch ? 0 : e.base_rev;
    const out = apply(this.rules, r, { ...e, base_rev: base }, this.actor, this.time());
    const versions = out.report === r ? {} : this.save(out.report, e.id);
    return this.keep({ id: e.id, n, ...out.result, versions });
  }

  private keep(a: Answer): Answer {
    this.results.set(a.id, a);
    return a;
  }

  push(n0: number, edits: Edit[]): ServerFrame {
    if (n0 < 1 || n0 > this.lastN + 1) return { t: 'error', code: 'gap', last_n: this.lastN };
    for (const [i, e] of edits.entries()) {
      if (n0 + i <= this.lastN && !this.results.has(e.id)) {
        return { t: 'error', code: 'gap', last_n: this.lastN };
      }
    }
    const results = edits.map((e, i) => this.decide(e, n0 + i));
    const until = results.findIndex((r) => r.status === 'retry');
    const done = until < 0 ? results.length : until;
    if (done > 0) this.lastN = Math.max(this.lastN, n0 + done - 1);
    return { t: 'ack', n: this.lastN, results };
  }

  position(scope: string, v: number | null, epoch: string | null): Position {
    const { head, min } = this.log(scope);
    const reset = v === null || epoch !== this.epoch || v > head || v < min;
    return { scope, head, min, mode: reset ? 'reset' : head - v > 500 ? 'pull' : 'tail' };
  }

  welcome(cursors: Record<string, number | null>, epoch: string | null): Welcome {
    const granted = Object.entries(cursors).filter(([s]) => this.offer.includes(s));
    return {
      t: 'welcome',
      proto: 1,
      epoch: this.epoch,
      time: this.time(),
      last_n: this.lastN,
      offer: this.offer,
      scopes: this.tokenSeconds > 0 ? granted.map(([s, v]) => this.position(s, v, epoch)) : [],
      limits: usualLimits,
      token_expires_in: this.tokenSeconds,
    };
  }

  deltas(scope: string, from: number): Delta[] {
    const { deltas } = this.log(scope); // each is one version
    return deltas.slice(Math.max(0, from - (deltas[0]?.from ?? from)));
  }

  snapshot(scope: string, prefix = ''): { epoch: string; v: number; upto: number; rows: Row[] } {
    const l = this.log(scope);
    const rows = [...l.members.values()].filter((r) => r.id.startsWith(prefix));
    return {
      epoch: this.epoch,
      v: l.head,
      upto: l.head,
      rows: structuredClone(rows.sort((a, b) => (a.id < b.id ? -1 : 1))),
    };
  }

  lanes(scope: string): { epoch: string; v: number; lanes: string[] } {
    const l = this.log(scope);
    const lanes = new Array<Sum>(256).fill(empty);
    for (const row of l.members.values()) {
      const i = Number.parseInt(row.id.slice(0, 2), 16);
      lanes[i] = add(lanes[i] ?? empty, sumOf(row.id, row.rev));
    }
    return { epoch: this.epoch, v: l.head, lanes: lanes.map(format) };
  }
}

function scopesOf(r: Report): string[] {
  const list: string[] = [];
  if (r.desk) list.push(`desk:${r.desk}`);
  if (r.team) list.push(`team:${r.team}`);
  return list;
}

function bodyOf(r: Report): Record<string, unknown> {
  const { id: _, rev: __, changed: ___, former: ____, ...body } = r;
  return body;
}

type Obj = Record<string, unknown>;
const isObj = (v: unknown): v is Obj => typeof v === 'object' && v !== null && !Array.isArray(v);

/** The merge patch from one body to another. */
export function diff(a: Obj, b: Obj): Obj {
  const out: Obj = {};
  for (const k of Object.keys(a)) if (!(k in b)) out[k] = null;
  for (const [k, want] of Object.entries(b)) {
    const have = a[k];
    if (JSON.stringify(have) === JSON.stringify(want)) continue;
    out[k] = isObj(have) && isObj(want) ? diff(have, want) : want;
  }
  return out;
}
