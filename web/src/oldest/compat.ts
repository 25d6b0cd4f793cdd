import data from '@mdn/browser-compat-data/forLegacyNode';
import { oldest } from './browsers';

type Statement = {
  version_added: string | boolean | null | undefined;
  version_removed?: unknown;
  flags?: unknown;
  prefix?: unknown;
  alternative_name?: unknown;
  partial_implementation?: unknown;
};
type Node = { __compat?: { support: Record<string, Statement | Statement[]> } } & {
  [name: string]: Node;
};
const all = data as unknown as Node;

const parts = (version: string) => version.replace('≤', '').split('.').map(Number);

function upTo(version: string, limit: string): boolean {
  const [a = 0, b = 0] = parts(version);
  const [c = 0, d = 0] = parts(limit);
  return a < c || (a === c && b <= d);
}

function has(support: Statement | Statement[] | undefined, limit: string): boolean {
  return [support ?? []]
    .flat()
    .some(
      (s) =>
        !s.flags &&
        !s.prefix &&
        !s.alternative_name &&
        !s.partial_implementation &&
        !s.version_removed &&
        typeof s.version_added === 'string' &&
        s.version_added !== 'preview' &&
        upTo(s.version_added, limit),
    );
}

/** Which of the oldest browsers lack a feature, such as "api.Navigator.locks"; undefined
 * where the data know no such feature. */
export function lacking(path: string): string[] | undefined {
  let node: Node | undefined = all;
  for (const name of path.split('.')) node = node?.[name];
  const support = node?.__compat?.support;
  if (!support) return undefined;
  return Object.entries(oldest)
    .filter(([browser]) => support[browser])
    .filter(([browser, limit]) => !has(support[browser], limit))
    .map(([browser]) => browser);
}

export const newer = (path: string) => (lacking(path) ?? []).length > 0;

const children = (path: string) => {
  let node: Node = all;
  for (const name of path.split('.')) node = node[name] ?? {};
  return Object.keys(node).filter((k) => k !== '__compat' && node[k]?.__compat);
};

/** The names of one group, such as "css.properties", under their paths. */
export const group = (path: string): [string, string][] =>
  children(path).map((name) => [name, `${path}.${name}`]);

const globals = new Set(['Window', 'WorkerGlobalScope', 'WindowOrWorkerGlobalScope']);
const bare = (name: string) => name.replace(/_static$/, '');

/** Every name that scripts reach, with the features that it may be: "at" under ".at",
 * "structuredClone" under "structuredClone", "Object.hasOwn" under itself.
 * A member of an interface that is itself newer is left out: the way to it is a newer
 * name already, but for elements, which a page's source makes, and events. */
export function scriptNames(): Map<string, string[]> {
  const found = new Map<string, string[]>();
  const put = (name: string, path: string) => {
    const list = found.get(name) ?? [];
    list.push(path);
    found.set(name, list);
  };
  for (const root of ['api', 'javascript.builtins']) {
    for (const [owner, at] of group(root)) {
      put(owner, at);
      const made = root === 'api' && newer(at) && !/^HTML\w*Element$|Event$/.test(owner);
      for (const [member, path] of group(at)) {
        if (member.endsWith('_event') || /^\w+_.*(parameter|option|support)/.test(member)) continue;
        if (member === owner) put(`new ${owner}`, path);
        else {
          put(`${owner}.${bare(member)}`, path);
          if (!made) put(`.${bare(member)}`, path);
          if (globals.has(owner)) put(bare(member), path);
        }
      }
    }
  }
  return found;
}
