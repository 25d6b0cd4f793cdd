// node trial.mjs pouch|zero --dir FOLDER [--out FILE] [flags of lib/plan.mjs]
import {mkdirSync, writeFileSync} from 'node:fs';
import {plan} from './lib/plan.mjs';
import {Trial} from './lib/trial.mjs';

const p = plan(process.argv.slice(2));
if (!['pouch', 'zero'].includes(p.peer)) throw new Error(`no peer ${p.peer}`);
mkdirSync(p.dir, {recursive: true});
// Leaving ends the servers too.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => process.exit(1));
const {Peer} = await import(`./${p.peer}/peer.mjs`);
const peer = new Peer();
const {dir: _, out, ...asked} = p;
// A request that fails deep in a library, with nobody to hear of it, is a line in
// a browser's console and not the end of the page; it is counted.
let unheard = 0;
process.on('unhandledRejection', () => unheard++);
let result;
try {
  result = {name: peer.name, plan: asked, figures: {...(await new Trial(peer, p).run()), unheard}};
} catch (error) {
  result = {name: peer.name, plan: asked, failed: String(error?.stack ?? error)};
}
const text = JSON.stringify(result, null, 1);
if (out) writeFileSync(out, `${text}\n`);
console.log(text);
process.exit(result.failed ? 1 : 0);
