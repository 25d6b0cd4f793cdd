import type { Actor } from '../civic';
import type { Event } from '../events';
import { uuid7 } from '../uuid7';
import { crew, edit, operator, otherTeam, report, reportId, rules, team } from './fixtures';
import { Wire } from './harness';
import { seeded } from './seeded';
import { Town } from './town';

const reports = 12;
export const scope = `team:${team}`;

const isFrame = (e: Event | undefined, t: string) => e?.e === 'frame' && e.frame.t === t;

/**
 * One phone, its wire and a town, in which a seed decides everything that goes
 * wrong: frames that are cut, repeated, late and lost, a phone that dies, a log
 * that is pruned, a token that ends, a town that is restored from a backup.
 */
export class World {
  readonly made = new Set<string>();
  readonly town: Town;
  readonly wire: Wire;
  private readonly random: () => number;
  private saved: ReturnType<Town['backup']>;
  private refreshes = 0;
  private epochs = 1;

  constructor(seed: number) {
    this.random = seeded(seed);
    this.town = new Town(rules, { ...crew, teams: [team, otherTeam] });
    this.town.offer = [scope];
    for (let i = 1; i <= reports; i++) this.town.save(report(i));
    this.saved = this.town.backup();
    this.wire = new Wire(this.town, undefined, this.random);
    this.wire.start();
  }

  private pick(n: number): number {
    return Math.floor(this.random() * n);
  }
  private any(): string {
    return reportId(1 + this.pick(reports));
  }

  /** The highest rev that was shown of each report, in this epoch. */
  private readonly shown = new Map<string, number>();

  /** Nobody is shown an older state than before. */
  private forward() {
    const { session } = this.wire;
    const held = session.tracks.get(scope)?.held;
    if (!held || held.v < 0 || session.epoch !== this.town.epoch) return this.shown.clear();
    for (const { id, rev } of held.rows.values()) {
      const before = this.shown.get(id) ?? 0;
      if (rev < before) throw new Error(`AssertionError: ${id} goes back from ${before} to ${rev}`);
      this.shown.set(id, rev);
    }
  }

  step(i: number) {
    this.happen(i);
    this.forward();
  }

  private happen(i: number) {
    let dice = this.pick(1000);
    for (const [weight, happen] of this.happenings) {
      dice -= weight;
      if (dice < 0) return happen.call(this, i);
    }
  }

  /** What may happen, each with its share of a thousand. */
  private readonly happenings: [number, (this: World, i: number) => void][] = [
    [420, this.arrive],
    [150, this.work],
    [90, (i) => this.office('note', { text: `o${i}` })],
    [80, () => this.office('assign', { team: this.pick(2) ? team : otherTeam })],
    [40, this.repeat],
    [50, this.swap],
    [25, this.lose],
    [20, () => this.wire.echo()],
    [30, () => this.wire.cut(1006, this.pick(2) === 0)],
    [15, () => this.wire.restart()],
    [10, this.busy],
    [8, () => this.town.prune(scope, this.pick(20))],
    [8, this.endToken],
    [15, this.refresh],
    [4, this.backup],
    [3, this.restore],
    [32, () => this.wire.pass(this.pick(15_000))],
  ];

  private arrive() {
    this.wire.flow();
    const event = this.wire.incoming.shift();
    if (!event) return;
    const failed = 'req' in event && event.e !== 'failed' && this.pick(12) === 0;
    this.wire.feed(
      failed
        ? { e: 'failed', scope: event.scope, req: event.req, status: this.pick(2) * 503 }
        : event,
    );
  }

  private work(i: number) {
    const note = this.pick(2) === 0;
    const args = note
      ? { text: `n${i}` }
      : { to: this.pick(2) ? 'in_progress' : 'waiting', for: 'body' };
    const item = this.wire.disk.capture(edit(this.any(), note ? 'note' : 'transition', args));
    this.made.add(item.edit.id);
    this.wire.feed({ e: 'captured', item });
  }

  private office(kind: string, args: Record<string, unknown>, actor: Actor = operator) {
    this.town.edit(this.any(), kind, args, actor, uuid7());
  }

  private repeat() {
    const { incoming } = this.wire;
    const event = incoming[this.pick(incoming.length || 1)];
    if (isFrame(event, 'delta') || isFrame(event, 'ack'))
      incoming.push(structuredClone(event as Event));
  }

  private swap() {
    const { incoming } = this.wire;
    const at = this.pick(incoming.length || 1);
    const [a, b] = [incoming[at], incoming[at + 1]];
    const loose = (e?: Event) =>
      isFrame(e, 'delta') || isFrame(e, 'ack') || (e !== undefined && 'req' in e);
    if (a && b && loose(a) && loose(b)) incoming.splice(at, 2, b, a);
  }

  /** A delta that a full queue dropped. */
  private lose() {
    const { incoming } = this.wire;
    const at = this.pick(incoming.length || 1);
    if (isFrame(incoming[at], 'delta')) incoming.splice(at, 1);
  }

  private busy() {
    const id = this.any();
    if (!this.town.busy.delete(id)) this.town.busy.add(id);
  }

  private endToken() {
    this.town.tokenSeconds = 0;
    this.wire.cut(4401);
  }

  private refresh() {
    if (this.wire.refreshes === this.refreshes) return;
    this.refreshes = this.wire.refreshes;
    if (this.pick(6) === 0) return this.wire.feed({ e: 'no_token', permanent: false });
    this.town.tokenSeconds = 900;
    this.wire.feed({ e: 'token', token: `T${this.refreshes}`, device: 'd' });
  }

  private backup() {
    this.saved = this.town.backup();
  }

  private restore() {
    this.town.restore(
      this.saved,
      `e0000000-0000-7000-8000-${String(++this.epochs).padStart(12, '0')}`,
    );
    this.saved = this.town.backup();
    this.wire.cut(1006);
  }

  /** Nothing goes wrong any more, and time passes until all is quiet. */
  rest() {
    this.town.busy.clear();
    this.town.tokenSeconds = 900;
    this.wire.feed({ e: 'token', token: 'last', device: 'd' });
    for (let i = 0; i < 16 && (i < 6 || this.wire.session.outbox.length > 0); i++) {
      this.wire.settle();
      this.wire.pass(61_000);
      this.wire.settle();
      if (i === 0) this.wire.cut();
    }
  }

  reports(): string[] {
    return Array.from({ length: reports }, (_, i) => reportId(i + 1));
  }
}
