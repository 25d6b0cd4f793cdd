// Servers as children of this process, ended by their own id.
import {spawn} from 'node:child_process';
import {createWriteStream} from 'node:fs';
import {connect} from 'node:net';
import {sleep, tree} from './measure.mjs';

export function child(program, args, options = {}) {
  const log = options.cwd && createWriteStream(`${options.cwd}/${program.split('/').at(-1)}.log`, {flags: 'a'});
  const process_ = spawn(program, args, {stdio: ['ignore', 'pipe', 'pipe'], ...options});
  for (const out of [process_.stdout, process_.stderr]) log ? out.pipe(log, {end: false}) : out.resume();
  const gone = new Promise(done => process_.once('exit', done));
  const running = () => process_.exitCode === null && process_.signalCode === null;
  process.on('exit', () => running() && tree([process_.pid]).forEach(kill));
  return {
    pid: process_.pid,
    // Some servers give their workers sessions of their own and leave them to end
    // in their own time; the next trial does not wait for them.
    async end(signal = 'SIGTERM') {
      const all = tree([process_.pid]);
      process_.kill(signal);
      await Promise.race([gone, sleep(10_000)]);
      all.forEach(kill);
      await gone;
    },
  };
}

function kill(pid) {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // it has ended
  }
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
