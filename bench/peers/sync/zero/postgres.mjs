// A PostgreSQL of its own, with the settings of Segnavia's own cluster and the
// logical log that Zero reads.
import {execFileSync, spawnSync} from 'node:child_process';
import {mkdirSync, readdirSync} from 'node:fs';
import {child} from '../lib/child.mjs';
import {until} from '../lib/measure.mjs';

const settings = {
  listen_addresses: '127.0.0.1',
  wal_level: 'logical',
  max_connections: 300,
  shared_buffers: '256MB',
  effective_cache_size: '1GB',
  work_mem: '16MB',
  max_wal_size: '2GB',
  wal_compression: 'on',
  checkpoint_timeout: '15min',
  random_page_cost: 1.1,
  jit: 'off',
  max_replication_slots: 10,
  max_wal_senders: 10,
};

export async function startPostgres(dir, port) {
  const versions = readdirSync('/usr/lib/postgresql').sort((a, b) => Number(b) - Number(a));
  const bin = `/usr/lib/postgresql/${versions[0]}/bin`;
  mkdirSync(dir, {recursive: true});
  // PostgreSQL does not run as root.
  const as = process.getuid() === 0 ? ['setpriv', '--reuid=postgres', '--regid=postgres', '--clear-groups', '--'] : [];
  if (as.length) execFileSync('chown', ['postgres:postgres', dir]);
  const run = (...args) => execFileSync([...as, ...args][0], [...as, ...args].slice(1), {cwd: dir});
  run(`${bin}/initdb`, '--pgdata', `${dir}/data`, '--username=postgres', '--auth=trust', '--encoding=UTF8', '--locale=C.UTF-8', '--data-checksums');
  const flags = Object.entries({...settings, port, unix_socket_directories: dir}).flatMap(([k, v]) => ['-c', `${k}=${v}`]);
  const command = [...as, `${bin}/postgres`, '-D', `${dir}/data`, ...flags];
  const server = child(command[0], command.slice(1), {cwd: dir});
  const ready = () => spawnSync(`${bin}/pg_isready`, ['-q', '-h', '127.0.0.1', '-p', port]).status === 0;
  if (!(await until(ready, 60))) throw new Error('PostgreSQL is not ready after 60 s');
  return {pid: server.pid, url: `postgres://postgres@127.0.0.1:${port}/postgres`, end: () => server.end('SIGINT')};
}
