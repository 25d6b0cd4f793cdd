// Zero: clients in memory, zero-cache, an API server and PostgreSQL.
import {mkdirSync} from 'node:fs';
import postgres from 'postgres';
import {startPostgres} from './postgres.mjs';
import {Client} from './client.mjs';
import {ddl} from './schema.mjs';
import {child, listening} from '../lib/child.mjs';
import {sleep} from '../lib/measure.mjs';

const path = relative => new URL(relative, import.meta.url).pathname;
const cache = path('../node_modules/@rocicorp/zero/out/zero/src/cli.js');

export class Peer {
  name = 'Zero 1.9.0';
  #ends = [];

  async start(plan) {
    this.plan = plan;
    for (const folder of ['api', 'cache']) mkdirSync(`${plan.dir}/${folder}`, {recursive: true});
    this.db = await startPostgres(`${plan.dir}/pg`, plan.port + 1);
    this.#ends.unshift(() => this.db.end());
    this.sql = postgres(this.db.url, {max: 2});
    await this.sql.unsafe(ddl);
    const api = child(process.execPath, [path('api.mjs'), String(plan.port + 2), this.db.url], {cwd: `${plan.dir}/api`});
    this.#ends.unshift(() => api.end());
    await listening(plan.port + 2);
    this.pids = [this.db.pid, api.pid];
  }

  // zero-cache copies what is there when it starts, and then follows.
  async seed(list) {
    for (let i = 0; i < list.length; i += 500) await this.sql`INSERT INTO issue ${this.sql(list.slice(i, i + 500))}`;
    await this.sql`ANALYZE`;
    const {plan} = this;
    const env = {
      ...process.env,
      NODE_ENV: 'production',
      DO_NOT_TRACK: '1',
      ZERO_UPSTREAM_DB: this.db.url,
      ZERO_ADMIN_PASSWORD: 'loopback',
      ZERO_PORT: String(plan.port + 3),
      ZERO_CHANGE_STREAMER_PORT: String(plan.port + 4),
      ZERO_REPLICA_FILE: `${plan.dir}/cache/replica.db`,
      ZERO_QUERY_URL: `http://127.0.0.1:${plan.port + 2}/query`,
      ZERO_MUTATE_URL: `http://127.0.0.1:${plan.port + 2}/mutate`,
      ZERO_LOG_LEVEL: 'warn',
      ZERO_ENABLE_TELEMETRY: 'false',
      ZERO_NUM_SYNC_WORKERS: '2', // one a core
      ZERO_UPSTREAM_MAX_CONNS: '20',
      ZERO_CVR_MAX_CONNS: '40',
    };
    const server = child(process.execPath, [cache], {cwd: `${plan.dir}/cache`, env});
    this.#ends.unshift(() => server.end());
    this.pids.push(server.pid);
    await listening(plan.port + 3, 120);
    for (let i = 0; ; i++) {
      const up = await fetch(`http://127.0.0.1:${plan.port + 3}/`).catch(() => undefined);
      if (up?.ok) return;
      if (i === 120) throw new Error('zero-cache is not ready');
      await sleep(500);
    }
  }

  connect(name, team, seen) {
    return new Client(`http://127.0.0.1:${this.plan.port + 3}`, name, team, seen);
  }

  async truth(team) {
    const rows = await this.sql`
      SELECT i.id, i.w, i.title, (SELECT count(*)::int FROM note n WHERE n.issue = i.id) AS notes FROM issue i WHERE team = ${team}`;
    return new Map(rows.map(r => [r.id, `${r.w} ${r.title} ${r.notes}`]));
  }

  async outcome() {
    const rows = await this.sql`SELECT id FROM note`;
    const [{n}] = await this.sql`SELECT count(*)::int AS n FROM issue`;
    // A row has one team and one state: nothing stands twice, and what a later
    // write covered is covered.
    return {losing: 0, nowhere: this.plan.issues - n, twice: 0, notes: new Set(rows.map(r => r.id))};
  }

  async stop() {
    await this.sql?.end({timeout: 5});
    for (const end of this.#ends) await end();
  }
}
