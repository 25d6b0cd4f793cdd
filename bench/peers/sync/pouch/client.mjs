import {PouchDB, remote} from './remote.mjs';

const batch = 100; // PouchDB's own default

// Client is one phone: a database in memory, in live replication both ways with
// that of its team.
export class Client {
  errors = 0;
  #held = new Set();
  #idle = {push: false, pull: false};

  constructor(base, name, team, seen) {
    Object.assign(this, {base, name, team, seen});
    this.db = new PouchDB(name, {adapter: 'memory'});
    this.remote = remote(base, team);
    this.ready = new Promise(ready => {
      this.#caughtUp = ready;
    });
    this.online();
  }

  #caughtUp;

  online() {
    this.#idle = {push: false, pull: false};
    this.sync = this.db.sync(this.remote, {live: true, retry: true, batch_size: batch});
    for (const way of ['push', 'pull']) {
      this.sync[way].on('active', () => (this.#idle[way] = false));
      this.sync[way].on('paused', error => {
        this.#idle[way] = !error;
        if (way === 'pull' && !error) this.#caughtUp();
      });
      this.sync[way].on('denied', () => this.errors++);
    }
    this.sync.on('change', ({direction, change}) => direction === 'pull' && change.docs.forEach(doc => this.#arrived(doc)));
    this.sync.on('error', () => this.errors++);
    this.sync.catch(() => {}); // told by the event
  }

  async offline() {
    const ended = new Promise(done => this.sync.on('complete', done));
    this.sync.cancel();
    await Promise.race([ended, new Promise(done => setTimeout(done, 2000))]);
  }

  busy() {
    return !this.#idle.push || !this.#idle.pull;
  }

  #arrived(doc) {
    if (doc._deleted) this.#held.delete(doc._id);
    else this.#held.add(doc._id);
    if (doc.w) this.seen(this, doc._id, doc.w);
  }

  held() {
    return [...this.#held];
  }

  edit(id, w, title) {
    return this.#change(id, doc => ({...doc, title, w}));
  }

  note(id, note, text) {
    return this.#change(id, doc => ({...doc, notes: {...doc.notes, [note]: {text}}}));
  }

  // The case enters the other team's database before it leaves this one's: what
  // ends in between leaves it twice and not nowhere. A newer state that arrives
  // meanwhile is taken along.
  move(id, team, w) {
    const there = remote(this.base, team);
    return again(async () => {
      const {_rev, ...doc} = await this.db.get(id);
      const {_rev: newer} = await there.get(id).catch(() => ({}));
      await there.put({...doc, team, w, ...(newer && {_rev: newer})});
      await this.db.put({_id: id, _rev, _deleted: true, w});
      this.#held.delete(id);
    });
  }

  #change(id, change) {
    return again(async () => this.db.put(change(await this.db.get(id))));
  }

  async rows() {
    const {rows} = await this.db.allDocs();
    return new Map(rows.map(r => [r.id, r.value.rev]));
  }

  async close() {
    await this.offline();
    await this.db.destroy();
  }
}

// A change that loses against one that has just arrived is made again.
async function again(change) {
  for (let tries = 0; ; tries++) {
    try {
      return await change();
    } catch (error) {
      if (error.status !== 409 || tries === 5) throw error;
    }
  }
}
