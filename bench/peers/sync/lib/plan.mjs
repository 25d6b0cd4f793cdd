// The work, in figures: each is a flag, so that a trial of the trial is short.
import {parseArgs} from 'node:util';

const defaults = {
  teams: 50,
  issues: 5000, // spread evenly over the teams
  clients: 200, // spread evenly over the teams
  rate: 100, // writes a second, of all clients together
  seconds: 60,
  moves: 0.1, // the share of writes that moves a case to another team
  away: 50, // clients that work without a network afterwards
  offline: 200, // edits that each of those makes
  idle: 10, // seconds of silence before memory is read
  settle: 120, // seconds at most until everybody has caught up
  first: 3, // first syncs of a client on its own
  seed: 1,
  port: 8460, // the first of those that a peer listens on
};

export function plan(argv) {
  const options = {dir: {type: 'string'}, out: {type: 'string'}};
  for (const name of Object.keys(defaults)) options[name] = {type: 'string'};
  const {values, positionals} = parseArgs({args: argv, options, allowPositionals: true});
  const p = {...defaults, dir: values.dir, out: values.out, peer: positionals[0]};
  for (const name of Object.keys(defaults)) {
    if (values[name] === undefined) continue;
    p[name] = Number(values[name]);
    if (!Number.isFinite(p[name]) || p[name] < 0) throw new Error(`--${name} takes a number`);
  }
  if (!p.dir || !p.peer) throw new Error('usage: trial.mjs PEER --dir FOLDER [--out FILE] [--clients N] …');
  return p;
}
