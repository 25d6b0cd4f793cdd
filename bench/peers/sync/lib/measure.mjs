// Reads what a run costs: bytes on this process's sockets, memory and processor
// of a tree of processes.
import {subscribe} from 'node:diagnostics_channel';
import {readdirSync, readFileSync} from 'node:fs';

const open = new Set();
const closed = {received: 0, sent: 0};

// Every socket that this process opens, whatever library does, is counted as it
// travels: compressed, with headers and frames.
subscribe('net.client.socket', ({socket}) => {
  open.add(socket);
  socket.once('close', () => {
    open.delete(socket);
    closed.received += socket.bytesRead;
    closed.sent += socket.bytesWritten;
  });
});

export function bytes() {
  const sum = {...closed};
  for (const s of open) {
    sum.received += s.bytesRead;
    sum.sent += s.bytesWritten;
  }
  return sum;
}

// The processes and all below them.
export function tree(roots) {
  const children = new Map();
  for (const pid of readdirSync('/proc').filter(n => /^\d+$/.test(n))) {
    const parent = Number(stat(pid)?.[1]);
    if (!children.has(parent)) children.set(parent, []);
    children.get(parent).push(Number(pid));
  }
  const all = [...roots];
  for (let i = 0; i < all.length; i++) all.push(...(children.get(all[i]) ?? []));
  return all;
}

// The fields of /proc/PID/stat after the name: state, parent, …
function stat(pid) {
  try {
    const raw = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return raw.slice(raw.lastIndexOf(')') + 2).split(' ');
  } catch {
    return undefined; // it has ended
  }
}

// Memory in bytes and processor in seconds of processes and all below them.
// Memory is the proportional set, so that pages which several share count once;
// for a single process it is its resident memory.
export function usage(roots) {
  let memory = 0;
  let cpu = 0;
  for (const pid of tree(roots)) {
    const fields = stat(pid);
    if (!fields) continue;
    cpu += (Number(fields[11]) + Number(fields[12])) / 100;
    try {
      memory += 1024 * Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))[1]);
    } catch {
      // it has ended, or is a kernel's
    }
  }
  return {memory, cpu};
}

export function quantiles(list) {
  const sorted = Float64Array.from(list).sort();
  const at = q => (sorted.length ? sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] : null);
  return {n: sorted.length, p50: at(0.5), p95: at(0.95), p99: at(0.99)};
}

export const sleep = ms => new Promise(done => setTimeout(done, ms));

export async function until(condition, seconds) {
  for (const end = performance.now() + seconds * 1000; performance.now() < end; await sleep(100)) if (await condition()) return true;
  return false;
}
