import { parseAst } from 'vite';

/** The objects that every script begins from, and what each is. */
const known: Record<string, string> = {
  navigator: 'Navigator',
  document: 'Document',
  performance: 'Performance',
  crypto: 'Crypto',
  location: 'Location',
  history: 'History',
  caches: 'CacheStorage',
  indexedDB: 'IDBFactory',
};
const roots = new Set(['globalThis', 'window', 'self']);

type Node = { type: string; [key: string]: unknown };
const isNode = (x: unknown): x is Node =>
  typeof x === 'object' && x !== null && typeof (x as Node).type === 'string';

/** What a built script names: ".at" for a member of anything, "structuredClone" for what
 * stands free, "Object.hasOwn" and "Navigator.locks" for members of what is known,
 * "new DataTransfer"; each regular expression, as written; and each call a?.b(...c). */
export function namesIn(code: string) {
  const names = new Set<string>();
  const patterns = new Set<string>();
  const spread: string[] = [];
  const call = (n: Node) => {
    const given = n.arguments as Node[];
    if (given.some((a) => a.type === 'SpreadElement')) {
      spread.push(code.slice(n.start as number, n.end as number));
    }
  };
  const chain = (from: unknown) => {
    for (let n = from; isNode(n); n = n.callee ?? n.object) {
      if (n.type === 'CallExpression') call(n);
    }
  };
  const nameOf = (n: unknown) => (isNode(n) && n.type === 'Identifier' ? String(n.name) : '');
  const member = (n: Node) => {
    const key = n.property as Node;
    const name = !n.computed ? nameOf(key) : key.type === 'Literal' ? String(key.value) : '';
    if (!name) return;
    names.add(`.${name}`);
    const from = nameOf(n.object) || nameOf((n.object as Node).property);
    if (roots.has(from)) names.add(name);
    else if (from) names.add(`${known[from] ?? from}.${name}`);
  };
  const visit = (n: unknown, parent?: Node, key?: string) => {
    if (Array.isArray(n)) for (const x of n) visit(x, parent, key);
    if (!isNode(n)) return;
    if (n.type === 'MemberExpression') member(n);
    if (n.type === 'ChainExpression') chain(n.expression);
    if (n.type === 'CallExpression' && isNode(n.callee) && n.callee.type === 'ChainExpression') {
      call(n);
    }
    if (n.type === 'NewExpression' && nameOf(n.callee)) names.add(`new ${nameOf(n.callee)}`);
    const free = !((key === 'property' || key === 'key') && !parent?.computed);
    if (n.type === 'Identifier' && free) names.add(String(n.name));
    if (n.type === 'Literal' && n.regex) patterns.add(String(n.raw));
    for (const [k, v] of Object.entries(n)) if (typeof v === 'object') visit(v, n, k);
  };
  visit(parseAst(code));
  return { names, patterns, spread };
}
