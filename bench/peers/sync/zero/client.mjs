import {cut, mend} from './network.mjs';
import {Zero} from '@rocicorp/zero';
import {mutators, queries, schema} from './schema.mjs';

// By default Zero refuses writes after a minute without its server. This is the
// patience that the trial gives it, so that there is something to measure.
const patience = 10 * 60_000;

const options = {schema, mutators, kvStore: 'mem', logLevel: 'error', disconnectTimeoutMs: patience};

// Client is one phone: Zero in memory with a live view of its team's cases.
export class Client {
  errors = 0;
  #pending = 0;
  #written = new Map(); // case -> the write whose state it shows

  constructor(base, name, team, seen) {
    Object.assign(this, {name, team, seen});
    this.zero = new Zero({cacheURL: base, userID: name, auth: name, ...options});
    this.view = this.zero.materialize(queries.ofTeam({team}));
    this.ready = new Promise(ready => {
      this.view.addListener((rows, state) => {
        this.#changed(rows);
        if (state === 'complete') ready();
      });
    });
  }

  #changed(rows) {
    const now = new Map();
    for (const {id, w} of rows) {
      now.set(id, w);
      if (w && this.#written.get(id) !== w) this.seen(this, id, w);
    }
    for (const id of this.#written.keys()) if (!now.has(id)) this.seen(this, id);
    this.#written = now;
  }

  held() {
    return [...this.#written.keys()];
  }

  edit(id, w, title) {
    return this.#mutate(mutators.edit({id, w, title}));
  }

  move(id, team, w) {
    return this.#mutate(mutators.move({id, w, team}));
  }

  note(id, note, text) {
    return this.#mutate(mutators.note({id: note, issue: id, text}));
  }

  // Resolves when the write is shown here; its way to the server goes on.
  async #mutate(request) {
    const {client, server} = this.zero.mutate(request);
    this.#pending++;
    server.then(r => r.type === 'error' && this.errors++).finally(() => this.#pending--);
    const result = await client;
    if (result.type === 'error') throw new Error(result.error.message);
  }

  async offline() {
    cut(this.name);
  }

  online() {
    mend(this.name);
  }

  busy() {
    return this.#pending > 0 || this.zero.connection.state.current.name !== 'connected';
  }

  async rows() {
    return new Map(this.view.data.map(r => [r.id, `${r.w} ${r.title} ${r.notes.length}`]));
  }

  close() {
    return this.zero.close();
  }
}
