// PouchDB 9 clients and pouchdb-server on LevelDB, a database for each team.
import {mkdirSync, writeFileSync} from 'node:fs';
import {Client} from './client.mjs';
import {remote, url} from './remote.mjs';
import {child, listening} from '../lib/child.mjs';
import {teamName} from '../lib/cases.mjs';

const program = new URL('../node_modules/pouchdb-server/bin/pouchdb-server', import.meta.url).pathname;

export class Peer {
  name = 'PouchDB 9.0.0, pouchdb-server 4.2.0';

  async start(plan) {
    this.plan = plan;
    this.base = `http://127.0.0.1:${plan.port}`;
    mkdirSync(`${plan.dir}/data`, {recursive: true});
    // No line of log for each request.
    writeFileSync(`${plan.dir}/config.json`, JSON.stringify({log: {level: 'none'}}));
    const args = [program, '--port', plan.port, '--host', '127.0.0.1', '--dir', `${plan.dir}/data`, '--config', `${plan.dir}/config.json`, '--no-stdout-logs'];
    this.server = child(process.execPath, args.map(String), {cwd: plan.dir, env: {...process.env, NODE_ENV: 'production'}});
    await listening(plan.port);
    this.pids = [this.server.pid];
  }

  async seed(list) {
    for (let n = 0; n < this.plan.teams; n++) {
      const team = teamName(n);
      await fetch(url(this.base, team), {method: 'PUT'});
      const docs = list.filter(c => c.team === team).map(({id, ...body}) => ({_id: id, ...body, notes: {}}));
      const results = await remote(this.base, team).bulkDocs(docs);
      if (results.some(r => r.error)) throw new Error(`seeding ${team}: ${JSON.stringify(results.find(r => r.error))}`);
    }
  }

  connect(name, team, seen) {
    return new Client(this.base, name, team, seen);
  }

  // What a client that begins afresh would be given: the winning revisions.
  async truth(team) {
    return new Map((await this.#all(team)).map(doc => [doc._id, doc._rev]));
  }

  // How the cases ended: losing revisions that stay beside the winning one, cases
  // that stand in no team or in several, and whose notes are there to be seen.
  async outcome() {
    const teams = new Map();
    const notes = new Set();
    let losing = 0;
    for (let n = 0; n < this.plan.teams; n++) {
      for (const doc of await this.#all(teamName(n))) {
        losing += doc._conflicts?.length ?? 0;
        teams.set(doc._id, (teams.get(doc._id) ?? 0) + 1);
        for (const note of Object.keys(doc.notes)) notes.add(note);
      }
    }
    return {losing, nowhere: this.plan.issues - teams.size, twice: [...teams.values()].filter(n => n > 1).length, notes};
  }

  async #all(team) {
    const {rows} = await remote(this.base, team).allDocs({include_docs: true, conflicts: true});
    return rows.map(r => r.doc);
  }

  async stop() {
    await this.server?.end();
  }
}
