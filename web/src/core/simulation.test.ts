import { expect, test } from 'vitest';
import type { Actor } from './civic';
import { crew, edit, operator, otherTeam, report, reportId, rules, team } from './testing/fixtures';
import { Wire } from './testing/harness';
import { Town } from './testing/town';
import { uuid7 } from './uuid7';

/** Mulberry32: small, seeded, good enough to shuffle frames. */
function seeded(seed: number): () => number {
  let s = seed;
  return () => {
    s = (s + 0x6d2b79f5) | 0;
    let t = Math.imul(s ^ (s >>> 15), 1 | s);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const reports = 12;
const scope = `team:${team}`;

function run(seed: number, steps: number) {
  const random = seeded(seed);
  const pick = (n: number) => Math.floor(random() * n);
  const town = new Town(rules, { ...crew, teams: [team, otherTeam] });
  town.offer = [scope];
  for (let i = 1; i <= reports; i++) town.save(report(i));
  const wire = new Wire(town, undefined, random);
  const made = new Set<string>();
  wire.start();
  const any = () => reportId(1 + pick(reports));
  const office = (kind: string, args: Record<string, unknown>, actor: Actor = operator) =>
    town.edit(any(), kind, args, actor, uuid7());
  for (let i = 0; i < steps; i++) {
    const dice = pick(100);
    if (dice < 40) {
      wire.flow();
      const event = wire.incoming.shift();
      if (event) wire.feed(event);
    } else if (dice < 55) {
      const id = any();
      const kind = pick(2) ? 'note' : 'transition';
      const to = pick(2) ? 'in_progress' : 'waiting';
      const item = wire.disk.capture(
        edit(id, kind, kind === 'note' ? { text: `n${i}` } : { to, for: 'body' }),
      );
      made.add(item.edit.id);
      wire.feed({ e: 'captured', item });
    } else if (dice < 65) office('note', { text: `o${i}` });
    else if (dice < 73) office('assign', { team: pick(2) ? team : otherTeam });
    else if (dice < 78) {
      // A frame repeated.
      const event = wire.incoming[pick(wire.incoming.length || 1)];
      if (event?.e === 'frame' && event.frame.t !== 'welcome' && event.frame.t !== 'subbed') {
        wire.incoming.push(structuredClone(event));
      }
    } else if (dice < 84) {
      // An ack and its ops change places.
      const at = pick(wire.incoming.length || 1);
      const event = wire.incoming[at];
      if (event?.e === 'frame' && event.frame.t === 'ack') {
        wire.incoming.splice(at, 1);
        wire.incoming.push(event);
      }
    } else if (dice < 87) {
      // A frame lost, as with a full queue: a poke stands for it.
      const at = pick(wire.incoming.length || 1);
      const event = wire.incoming[at];
      if (event?.e === 'frame' && event.frame.t === 'delta') wire.incoming.splice(at, 1);
    } else if (dice < 90) wire.cut();
    else if (dice < 92) wire.restart();
    else if (dice < 93) {
      const id = any();
      if (town.busy.has(id)) town.busy.delete(id);
      else town.busy.add(id);
    } else wire.pass(pick(15_000));
  }
  town.busy.clear();
  for (let i = 0; i < 12 && (i < 4 || wire.session.outbox.length > 0); i++) {
    wire.settle();
    wire.pass(31_000);
    wire.settle();
    if (i === 0) wire.cut();
  }
  const held = [...(wire.session.tracks.get(scope)?.held.rows.values() ?? [])];
  held.sort((a, b) => (a.id < b.id ? -1 : 1));
  expect(held, `seed ${seed}: rows`).toEqual(town.snapshot(scope).rows);
  expect(wire.session.outbox, `seed ${seed}: outbox`).toEqual([]);
  expect(wire.session.ghosts.size, `seed ${seed}: ghosts`).toBe(0);
  for (let i = 1; i <= reports; i++) {
    expect(wire.session.pendingOf(reportId(i)), `seed ${seed}: overlays`).toEqual([]);
  }
  for (const id of made) {
    expect(town.results.has(id), `seed ${seed}: edit ${id} lost`).toBe(true);
    expect(wire.session.acked.has(id), `seed ${seed}: edit ${id} without its answer`).toBe(true);
  }
  const onDisk = wire.disk.saved.scopes.find((s) => s.scope === scope)?.rows ?? [];
  expect(
    [...onDisk].sort((a, b) => (a.id < b.id ? -1 : 1)),
    `seed ${seed}: disk`,
  ).toEqual(held);
}

test('a shuffled, cut, repeating wire ends with equal replicas and one answer an edit', () => {
  const seeds = Number(process.env.SEGNAVIA_SEEDS ?? 60);
  const first = Number(process.env.SEGNAVIA_SEED ?? 1);
  for (let seed = first; seed < first + seeds; seed++) run(seed, 400);
}, 300_000);
