import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, request } from 'node:http';
import { connect } from 'node:net';
import { newer, scriptNames } from '../src/oldest/compat';
import { scripts } from '../src/oldest/ledger';
import { namesIn } from '../src/oldest/used';

const dist = new URL('../dist/', import.meta.url);
const read = (file: string) => readFileSync(new URL(file, dist), 'utf8');

type Chunk = { file: string; imports?: string[]; dynamicImports?: string[] };
const built = (): Record<string, Chunk> => JSON.parse(read('.vite/manifest.json'));

/** The scripts that a page comes to, from an entry of the build; those that it may fetch
 * later too, but for what leads to a name in past. */
function scriptsOf(entry: string, past: string[] = []): string[] {
  const all = built();
  const found = new Set<string>();
  const follow = (key: string) => {
    const chunk = all[key];
    if (!chunk || found.has(chunk.file) || past.some((p) => key.includes(p))) return;
    found.add(chunk.file);
    for (const next of [...(chunk.imports ?? []), ...(chunk.dynamicImports ?? [])]) follow(next);
  };
  follow(entry);
  return [...found];
}

const features = scriptNames();

/** Takes away what a name of the ledger stands for, in a page or a worker. */
function takeAway(name: string): string {
  if (name.startsWith('new ')) {
    const kind = name.slice(4);
    return `{ const Was = globalThis.${kind}; if (Was) { globalThis.${kind} = function () { throw new TypeError('Illegal constructor'); }; globalThis.${kind}.prototype = Was.prototype; } }`;
  }
  return (features.get(name) ?? [])
    .filter(newer)
    .map((path) => {
      const [owner = '', member = ''] = path
        .replace(/^(api|javascript\.builtins)\./, '')
        .split('.');
      if (!member) return `Reflect.deleteProperty(globalThis, '${owner}');`;
      const key = JSON.stringify(member.replace(/_static$/, ''));
      const kinds =
        owner === 'TypedArray' ? 'Object.getPrototypeOf(Uint8Array)' : `globalThis.${owner}`;
      return `{ const of = ${kinds}; if (of) { Reflect.deleteProperty(of, ${key}); if (of.prototype) Reflect.deleteProperty(of.prototype, ${key}); } }`;
    })
    .join('\n');
}

/** What an older browser lacks, by name, with the script that makes this one lack it. The
 * constructor of addresses stays: only its oddity is listed. */
function lacks(files: string[]): [string, string][] {
  const used = new Set(files.flatMap((file) => [...namesIn(read(file)).names]));
  const found = new Map<string, string>();
  for (const name of Object.keys(scripts)) {
    if (!used.has(name) || /^new URL$|^IDBFactory\.open$/.test(name)) continue;
    if (name.startsWith('new ') && name.slice(4) in scripts) continue;
    const script = takeAway(name);
    if (script && ![...found.values()].includes(script)) found.set(name, script);
  }
  return [...found];
}

export const citizensLack = () =>
  lacks(['citizen.js', ...scriptsOf('src/citizen/main.ts', ['map'])]);
export const crewsLack = () => lacks(['sw.js', ...scriptsOf('crew.html', ['Map', 'map'])]);
export const mapsLack = (): [string, string][] => [
  ...lacks(scriptsOf('src/citizen/map.ts')),
  ['WebGL 2', takeAway('WebGL2RenderingContext') + noWebGL2],
  ['module workers', classicWorkers],
];
const noWebGL2 = `
  if (globalThis.HTMLCanvasElement) {
    const get = HTMLCanvasElement.prototype.getContext;
    HTMLCanvasElement.prototype.getContext = function (kind, ...a) {
      return kind === 'webgl2' ? null : get.call(this, kind, ...a);
    };
  }`;
/** As a browser that knows no type of a worker: it does not look. */
const classicWorkers = `
  if (globalThis.Worker) {
    const Was = globalThis.Worker;
    globalThis.Worker = function (url) { return new Was(url); };
    globalThis.Worker.prototype = Was.prototype;
  }`;

/** The program behind another address, whose workers begin with a script. */
export async function openOlder(target: string) {
  let first = '';
  let posted = '';
  const { hostname, port } = new URL(target);
  const to = (q: IncomingMessage) => ({
    host: hostname,
    port,
    path: q.url,
    method: q.method,
    headers: q.headers,
  });
  const begins = /^\/(sw|citizen)\.js$|^\/assets\/(fill|worker)-[^/]*\.js$/;
  const server = createServer((q, answer) => {
    if (q.method === 'POST' && q.url === '/report') {
      posted = '';
      q.on('data', (part: Buffer) => {
        posted += part.toString('latin1');
      });
    }
    const worker = begins.test(q.url ?? '');
    if (worker) delete q.headers['accept-encoding'];
    const far = request(to(q), (r) => {
      const headers = { ...r.headers };
      if (worker) delete headers['content-length'];
      answer.writeHead(r.statusCode ?? 502, headers);
      if (worker && r.statusCode === 200) answer.write(`{${first}}\n`);
      r.pipe(answer);
    });
    far.on('error', () => answer.destroy());
    q.pipe(far);
  });
  server.on('upgrade', (q, near, head) => {
    const far = connect(Number(port), hostname, () => {
      const lines = [`${q.method} ${q.url} HTTP/1.1`];
      for (let i = 0; i < q.rawHeaders.length; i += 2) {
        lines.push(`${q.rawHeaders[i]}: ${q.rawHeaders[i + 1]}`);
      }
      far.write(`${lines.join('\r\n')}\r\n\r\n`);
      far.write(head);
      near.pipe(far).pipe(near);
    });
    far.on('error', () => near.destroy());
    near.on('error', () => far.destroy());
  });
  await new Promise<void>((done) => server.listen(0, 'localhost', done));
  const address = server.address();
  if (!address || typeof address === 'string') throw new Error('no address');
  return {
    url: `http://localhost:${address.port}`,
    /** The last report as it was sent. */
    posted: () => posted,
    begin(script: string) {
      first = script;
    },
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
