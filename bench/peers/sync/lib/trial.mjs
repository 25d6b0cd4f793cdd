// The same work for every peer; what differs between them is in their folders.
import {cases, teamName} from './cases.mjs';
import {Marks} from './marks.mjs';
import {bytes, quantiles, sleep, until, usage} from './measure.mjs';
import {random} from './random.mjs';

const say = line => console.error(`${new Date().toISOString().slice(11, 19)} ${line}`);

export class Trial {
  figures = {};
  #clients = [];
  #marks = new Marks();
  #notes = new Set();
  #writes = 0;

  constructor(peer, plan) {
    Object.assign(this, {peer, plan, rng: random(plan.seed + 1)});
  }

  async run() {
    await this.peer.start(this.plan);
    try {
      await this.peer.seed(cases(this.plan));
      for (const part of ['first', 'connect', 'writes', 'offline', 'rest']) {
        say(`${this.peer.name}: ${part}`);
        await this[part]();
        say(JSON.stringify(this.figures));
      }
      return this.figures;
    } finally {
      await this.peer.stop();
    }
  }

  // One client alone, that holds nothing, until it holds its team's cases.
  async first() {
    const seconds = [];
    const received = [];
    for (let i = 0; i < this.plan.first; i++) {
      const from = bytes().received;
      const began = performance.now();
      const client = this.peer.connect(`first-${i}`, teamName(0), () => {});
      await within(client.ready, this.plan.settle);
      seconds.push((performance.now() - began) / 1000);
      received.push(bytes().received - from);
      const rows = (await client.rows()).size;
      const wanted = (await this.peer.truth(teamName(0))).size;
      if (rows !== wanted) throw new Error(`a first sync gave ${rows} of ${wanted} cases`);
      this.figures.firstRows = rows;
      await client.close();
    }
    this.figures.firstSeconds = quantiles(seconds).p50;
    this.figures.firstBytes = quantiles(received).p50;
  }

  async connect() {
    await sleep(2000);
    const before = usage(this.peer.pids).memory;
    const began = performance.now();
    for (let i = 0; i < this.plan.clients; i++) {
      this.#clients.push(this.peer.connect(`client-${i}`, teamName(i % this.plan.teams), this.#marks.seen));
      await sleep(2);
    }
    let live = 0;
    for (const c of this.#clients) c.ready.then(() => live++);
    await until(() => live === this.#clients.length, this.plan.settle);
    this.figures.live = live;
    this.figures.liveSeconds = (performance.now() - began) / 1000;
    await sleep(this.plan.idle * 1000);
    const {memory} = usage(this.peer.pids);
    this.figures.memoryIdle = memory;
    this.figures.memoryPerClient = (memory - before) / this.plan.clients;
  }

  async writes() {
    const {plan} = this;
    const from = {bytes: bytes(), server: usage(this.peer.pids).cpu, clients: process.cpuUsage()};
    const began = performance.now();
    const failures = [];
    const open = new Set();
    const count = plan.rate * plan.seconds;
    for (let i = 0; i < count; i++) {
      await sleep(Math.max(0, began + (i * 1000) / plan.rate - performance.now()));
      const write = this.#write().catch(error => failures.push(error));
      open.add(write.finally(() => open.delete(write)));
    }
    const f = this.figures;
    f.writeSeconds = (performance.now() - began) / 1000;
    f.writes = this.#writes;
    f.cpuServer = (usage(this.peer.pids).cpu - from.server) / f.writeSeconds;
    f.cpuClients = (process.cpuUsage(from.clients).user + process.cpuUsage(from.clients).system) / 1e6 / f.writeSeconds;
    f.appliedInTime = this.#marks.applied;
    f.writesSettled = await this.#settle();
    f.writeFailures = failures.length;
    if (failures.length) f.writeFailure = String(failures[0]).slice(0, 200);
    f.applied = this.#marks.applied;
    f.latency = this.#marks.quantiles();
    const now = bytes();
    const all = f.applied + this.#marks.own;
    f.receivedPerApplied = (now.received - from.bytes.received) / all;
    f.sentPerApplied = (now.sent - from.bytes.sent) / all;
    f.memoryAfterWrites = usage(this.peer.pids).memory;
  }

  async #write() {
    for (let tries = 0; tries < this.#clients.length; tries++) {
      const client = this.rng.of(this.#clients);
      const held = client.held();
      if (!held.length) continue;
      const id = this.rng.of(held);
      const w = ++this.#writes;
      const other = this.rng.of(this.#clients).team;
      const moves = this.rng.next() < this.plan.moves && other !== client.team;
      this.#marks.leave(w, client, moves && id);
      // Those of the team that did not write it, and those where it goes.
      this.figures.wanted = (this.figures.wanted ?? 0) + this.#followers(client.team) - 1 + (moves ? this.#followers(other) : 0);
      return moves ? client.move(id, other, w) : client.edit(id, w, `Carico ${this.rng.below(2 ** 32)}`);
    }
    throw new Error('no client holds a case');
  }

  #followers(team) {
    return this.#clients.filter(c => c.team === team).length;
  }

  // Seconds until nobody is busy and nothing has arrived for two seconds, or null.
  async #settle() {
    const began = performance.now();
    const quiet = () => this.#marks.quietFor() > 2000 && !this.#clients.some(c => c.busy());
    const settled = await until(async () => quiet() && (await sleep(1000), quiet()), this.plan.settle);
    return settled ? (performance.now() - began) / 1000 : null;
  }

  // A day's work without a network, then everybody at once.
  async offline() {
    const {plan, figures} = this;
    const gone = this.#clients.slice(0, plan.away);
    await Promise.all(gone.map(c => c.offline()));
    let refused = 0;
    for (const client of gone) {
      const held = client.held();
      for (let i = 0; held.length && i < plan.offline; i++) {
        const note = `n-${client.name}-${i}`;
        try {
          await client.note(this.rng.of(held), note, `carico ${this.rng.below(2 ** 32)}`);
          this.#notes.add(note);
        } catch (error) {
          if (!refused++) figures.offlineRefusal = String(error).slice(0, 200);
        }
      }
    }
    figures.offlineMade = this.#notes.size;
    figures.offlineRefused = refused;
    const began = performance.now();
    gone.forEach(c => c.online());
    figures.offlineSettled = await this.#settle();
    figures.offlineSeconds = (performance.now() - began) / 1000;
  }

  async rest() {
    const truth = new Map();
    let different = 0;
    for (const client of this.#clients) {
      if (!truth.has(client.team)) truth.set(client.team, await this.peer.truth(client.team));
      if (!same(await client.rows(), truth.get(client.team))) different++;
    }
    const {notes, ...rest} = await this.peer.outcome();
    const unseen = [...this.#notes].filter(n => !notes.has(n)).length;
    Object.assign(this.figures, {replicas: this.#clients.length, different, unseen, ...rest});
    this.figures.clientErrors = this.#clients.reduce((sum, c) => sum + c.errors, 0);
  }
}

function within(promise, seconds) {
  return Promise.race([promise, sleep(seconds * 1000).then(() => Promise.reject(new Error(`not there after ${seconds} s`)))]);
}

function same(a, b) {
  return a.size === b.size && [...a].every(([id, value]) => b.get(id) === value);
}
