// node trial.mjs pouch|zero --dir FOLDER [--out FILE] [flags of lib/plan.mjs]
import {mkdirSync, writeFileSync} from 'node:fs';
import {plan} from './lib/plan.mjs';
import {Trial} from './lib/trial.mjs';

const p = plan(process.argv.slice(2));
if (!['pouch', 'zero'].includes(p.peer)) throw new Error(`no peer ${p.peer}`);
mkdirSync(p.dir, {recursive: true});
const {Peer} = await import(`./${p.peer}/peer.mjs`);
const peer = new Peer();
const {dir: _, out, ...asked} = p;
let result;
try {
  result = {name: peer.name, plan: asked, figures: await new Trial(peer, p).run()};
} catch (error) {
  result = {name: peer.name, plan: asked, failed: String(error?.stack ?? error)};
}
const text = JSON.stringify(result, null, 1);
if (out) writeFileSync(out, `${text}\n`);
console.log(text);
process.exit(result.failed ? 1 : 0);
