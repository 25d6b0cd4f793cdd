// node table.mjs FOLDER: one table for each number of clients, from the figures
// that run.sh left there.
import {execSync} from 'node:child_process';
import {existsSync, readFileSync, readdirSync} from 'node:fs';
import {cpus, totalmem} from 'node:os';

const folder = process.argv[2];
const peers = ['segnavia', 'pouch', 'zero'];
const runs = readdirSync(folder)
  .map(name => /^(\w+)-(\d+)\.json$/.exec(name))
  .filter(Boolean)
  .map(([file, peer, clients]) => ({peer, clients: Number(clients), ...JSON.parse(readFileSync(`${folder}/${file}`, 'utf8'))}));

const has = v => v !== undefined && v !== null;
const ms = v => (v >= 10_000 ? `${(v / 1000).toFixed(0)} s` : v >= 1000 ? `${(v / 1000).toFixed(1)} s` : `${v.toFixed(0)} ms`);
const kb = v => `${(v / 1000).toFixed(1)} kB`;
const mib = v => `${(v / 2 ** 20).toFixed(0)} MiB`;
const late = 'not within the time given';
// What is missing when the time is up may still have been on its way.
const underway = f => (f.offlineSettled === null ? ', not at rest' : '');

// What each row says of a run's figures; undefined where the run has no such thing.
const rows = {
  'write → applied by the team’s other clients, p50 / p95 / p99': f => f.latency && [f.latency.p50, f.latency.p95, f.latency.p99].map(ms).join(' / '),
  'changes applied by them; of those that each write calls for': f => has(f.applied) && `${f.applied}${f.wanted ? `; ${((100 * f.applied) / f.wanted).toFixed(0)} %` : ''}`,
  'writes made; refused': f => has(f.writes) && `${f.writes}; ${f.writeFailures ?? f.statuses?.refused ?? 0}`,
  'at rest after the last write': f => (f.writesSettled === undefined ? undefined : f.writesSettled === null ? late : `${f.writesSettled.toFixed(1)} s`),
  'bytes received for each applied change; sent': f => has(f.receivedPerApplied) && `${f.receivedPerApplied.toFixed(0)}${has(f.sentPerApplied) ? `; ${f.sentPerApplied.toFixed(0)}` : ''}`,
  'first sync of one client: cases, bytes, time': f => has(f.firstRows) && `${f.firstRows}, ${kb(f.firstBytes)}, ${ms(1000 * f.firstSeconds)}`,
  'everybody connected and filled': f => has(f.liveSeconds) && (f.live === undefined || f.live === f.replicas || !has(f.replicas) ? `${f.liveSeconds.toFixed(1)} s` : `${f.live} of ${f.replicas} after ${f.liveSeconds.toFixed(1)} s`),
  'memory of the server, silent; per client; after the writes': f => has(f.memoryIdle) && `${mib(f.memoryIdle)}; ${(f.memoryPerClient / 1024).toFixed(0)} KiB; ${has(f.memoryAfterWrites) ? mib(f.memoryAfterWrites) : '–'}`,
  'processor in the writes: server; clients (cores)': f => has(f.cpuServer) && `${f.cpuServer.toFixed(2)}; ${f.cpuClients.toFixed(2)}`,
  'edits of a day offline; all in place after': f => has(f.offlineMade) && `${f.offlineMade}${f.offlineRefused ? ` (${f.offlineRefused} refused)` : ''}; ${f.offlineSettled === null ? late : `${f.offlineSeconds.toFixed(1)} s`}`,
  'replicas that differ from the server at the end': f => has(f.different) && `${f.different} of ${f.replicas}${underway(f)}`,
  'losing revisions that nobody sees': f => (has(f.losing) ? `${f.losing}` : has(f.different) && '0'),
  'offline edits not to be seen in their case': f => (has(f.unseen) ? `${f.unseen}${underway(f)}` : has(f.unanswered) && `${f.unanswered} without an answer`),
  'failures told by the client’s library; untold': f => has(f.unheard) && `${f.clientErrors}; ${f.unheard}`,
  'cases in two teams at once; in none': f => (has(f.twice) ? `${f.twice}; ${f.nowhere}` : has(f.different) && 'cannot be'),
};

const run = command => execSync(command, {encoding: 'utf8'}).trim();
const version = name => JSON.parse(readFileSync(new URL(`node_modules/${name}/package.json`, import.meta.url), 'utf8')).version;
const date = new Date().toISOString().slice(0, 10);

console.log(`# ${date}\n`);
console.log(
  `${cpus().length} cores (${cpus()[0].model}), ${Math.round(totalmem() / 2 ** 30)} GiB; ${run('go version').split(' ')[2]}, ` +
    `Node ${process.version}, ${run('$(ls -d /usr/lib/postgresql/*/bin/postgres | tail -1) --version')}; ` +
    `pouchdb-core ${version('pouchdb-core')}, pouchdb-server ${version('pouchdb-server')}, @rocicorp/zero ${version('@rocicorp/zero')}. ` +
    `Servers, database and clients share the machine. Revision ${run('git rev-parse --short HEAD')}.\n`,
);
for (const clients of [...new Set(runs.map(r => r.clients))].sort((a, b) => a - b)) {
  const columns = peers.map(peer => runs.find(r => r.peer === peer && r.clients === clients)).filter(Boolean);
  const asked = columns.find(c => c.plan.issues)?.plan;
  console.log(`## ${clients} clients\n`);
  if (asked) {
    console.log(
      `${asked.issues} cases, ${asked.teams} teams, ${asked.rate} writes/s for ${asked.seconds} s, ${100 * asked.moves} % moves; ` +
        `then ${asked.offline} edits offline of each of ${Math.min(asked.away, clients)} clients; ${asked.settle} s to come to rest.\n`,
    );
  }
  console.log(`| | ${columns.map(c => c.name).join(' | ')} |\n|---|${columns.map(() => '---|').join('')}`);
  for (const [what, of] of Object.entries(rows)) console.log(`| ${what} | ${columns.map(c => (c.figures && of(c.figures)) || '–').join(' | ')} |`);
  console.log();
  for (const c of columns.filter(c => c.failed)) console.log(`${c.name} did not end: \`${c.failed.split('\n')[0]}\`\n`);
}
if (existsSync(`${folder}/loads`)) console.log(`What else the machine did (load averages of 1, 5 and 15 minutes):\n\n\`\`\`\n${readFileSync(`${folder}/loads`, 'utf8').trim()}\n\`\`\``);
