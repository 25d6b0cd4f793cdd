import type { Actor, Changed, Edit, Report, Result, Role, Service, Status } from '../civic';
import { isOpen } from '../civic';

/** What the rules may look at beside the report. */
export type Rules = {
  services: Readonly<Record<string, Service>>;
  teams: Readonly<Record<string, unknown>>;
  users: Readonly<Record<string, unknown>>;
};

export type Refusal = { status: 'refused'; code: string; args?: Record<string, unknown> };

export const refuse = (code: string, args?: Record<string, unknown>): Refusal =>
  args ? { status: 'refused', code, args } : { status: 'refused', code };

export const isRefusal = (v: unknown): v is Refusal =>
  typeof v === 'object' && v !== null && (v as Refusal).status === 'refused';

export const applied: Result = { status: 'applied' };
export const merged: Result = { status: 'merged' };

/** Who speaks for the town. */
export const answerers: readonly Role[] = ['operator', 'foreman', 'admin', 'system'];

/** Equal as JSON, whatever the order of keys. */
export const same = (a: unknown, b: unknown): boolean => canonical(a) === canonical(b);
const canonical = (v: unknown): string =>
  JSON.stringify(v, (_, x) =>
    x && typeof x === 'object' && !Array.isArray(x)
      ? Object.fromEntries(Object.entries(x).sort(([a], [b]) => (a < b ? -1 : 1)))
      : x,
  );

/** One edit in the course of being decided; next is a copy that may be changed. */
const privateFields = ['title', 'description', 'address'];

export class Change {
  readonly touched: string[] = [];

  constructor(
    readonly rules: Rules,
    readonly before: Report,
    readonly next: Report,
    readonly edit: Edit,
    readonly actor: Actor,
    readonly now: string,
  ) {}

  get service(): Service | undefined {
    return this.rules.services[this.before.service ?? ''];
  }

  get open(): boolean {
    return this.before.status !== undefined && isOpen(this.before.status);
  }

  touch(...fields: string[]) {
    this.touched.push(...fields);
  }

  /** The change of a field that the author had not seen, made elsewhere. */
  newer(field: string): Changed | undefined {
    const last = this.before.changed?.[field];
    if (!last || last.rev <= this.edit.base_rev) return undefined;
    if (this.actor.device && last.device === this.actor.device) return undefined;
    return last;
  }

  /** People's own words stand in the report, never in a result that is kept. */
  theirs(field: string, last: Pick<Changed, 'by' | 'at'>, value: unknown) {
    const said = privateFields.includes(field) || value === null || value === undefined;
    return { field, ...(said ? {} : { value }), ...(last.by ? { by: last.by } : {}), at: last.at };
  }

  /** Whether the actor speaks for the town: anybody else's words for the public wait. */
  get answers(): boolean {
    return answerers.includes(this.actor.role);
  }

  /** Applied, or noticed where the field had changed meanwhile. */
  appliedOver(field: string, was: unknown): Result {
    const last = this.newer(field);
    return last ? { status: 'noticed', theirs: this.theirs(field, last, was) } : applied;
  }

  /** Keeps a value that cannot stand beside what is there, until the office decides. */
  conflict(field: string, value: unknown, theirs: unknown): Result {
    const waits = Object.values(this.next.conflicts ?? {}).some(
      (k) => k.field === field && k.by === this.actor.user && same(k.value, value),
    );
    if (waits) return merged;
    const last = this.before.changed?.[field] ?? { at: this.before.created ?? this.now };
    this.next.conflicts = {
      ...this.next.conflicts,
      [this.edit.id]: { field, value, ...this.by(), at: this.now },
    };
    return { status: 'conflict', theirs: this.theirs(field, last, theirs) };
  }

  settle(field: string) {
    const kept = Object.entries(this.next.conflicts ?? {}).filter(([, k]) => k.field !== field);
    if (kept.length > 0) this.next.conflicts = Object.fromEntries(kept);
    else delete this.next.conflicts;
  }

  by(): { by?: string } {
    return this.actor.user ? { by: this.actor.user } : {};
  }

  /** Changes the status and all that hangs on it, except the deadlines, whose
   * office calendar only the server has. */
  moveTo(to: Status) {
    const r = this.next;
    const from = r.status;
    if (from === 'waiting') delete r.waiting;
    if (to !== 'planned' && to !== 'waiting') delete r.planned;
    const wasOpen = from !== undefined && isOpen(from);
    if (wasOpen && !isOpen(to)) r.closed = this.now;
    else if (!wasOpen && isOpen(to)) {
      delete r.closed;
      delete r.reason;
      delete r.archived;
    }
    r.status = to;
    this.touch('status');
  }
}
