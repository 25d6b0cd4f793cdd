// Servers as children of this process, ended by their own id.
import {spawn} from 'node:child_process';
import {createWriteStream} from 'node:fs';
import {connect} from 'node:net';
import {sleep} from './measure.mjs';

export function child(program, args, options = {}) {
  const log = options.cwd && createWriteStream(`${options.cwd}/${program.split('/').at(-1)}.log`, {flags: 'a'});
  // A group of its own, so that what it starts ends with it.
  const process_ = spawn(program, args, {stdio: ['ignore', 'pipe', 'pipe'], detached: true, ...options});
  const kill = signal => {
    try {
      process.kill(-process_.pid, signal);
    } catch {
      // all of it has ended
    }
  };
  for (const out of [process_.stdout, process_.stderr]) log ? out.pipe(log, {end: false}) : out.resume();
  const gone = new Promise(done => process_.once('exit', done));
  process.on('exit', () => kill('SIGKILL'));
  return {
    pid: process_.pid,
    async end(signal = 'SIGTERM') {
      process_.kill(signal);
      await Promise.race([gone, sleep(10_000)]);
      kill('SIGKILL');
      await gone;
    },
  };
}

// Waits until something listens on a port of this machine.
export async function listening(port, seconds = 60) {
  for (const end = performance.now() + seconds * 1000; performance.now() < end; await sleep(100)) {
    const up = await new Promise(done => {
      const socket = connect(port, '127.0.0.1', () => done(true) || socket.destroy());
      socket.once('error', () => done(false));
    });
    if (up) return;
  }
  throw new Error(`nobody listens on port ${port} after ${seconds} s`);
}
