import { build, type Rollup } from 'vite';
import { beforeAll, expect, test } from 'vitest';
import { lacking, newer, scriptNames } from './compat';
import { byHand, ours, scripts, styles } from './ledger';
import { featuresIn } from './style';
import { namesIn } from './used';

const root = new URL('../..', import.meta.url).pathname;
let files: Map<string, string>;
/** What each script of it names. */
const named = new Map<string, ReturnType<typeof namesIn>>();

/** The built site itself: what libraries bring is in it too. */
beforeAll(async () => {
  const built = (await build({
    root,
    configFile: `${root}/vite.config.ts`,
    logLevel: 'error',
    build: { write: false },
  })) as Rollup.RollupOutput;
  files = new Map(
    built.output.map((o) => [o.fileName, o.type === 'chunk' ? o.code : String(o.source)]),
  );
  for (const [file, code] of ending('.js')) named.set(file, namesIn(code));
}, 60_000);

const ending = (end: string) => [...files].filter(([name]) => name.endsWith(end));

/** What is in no list, with where it stands and who lacks it. */
const unlisted = (found: Map<string, string>, list: Record<string, string>) =>
  [...found].filter(([name]) => !(name in list)).map(([name, where]) => `${name} in ${where}`);
const unused = (found: Map<string, string>, list: Record<string, string>) =>
  Object.keys(list).filter((name) => !found.has(name));

test('every newer interface that a script names says what becomes of it without', () => {
  const names = scriptNames();
  const found = new Map<string, string>();
  for (const [file, script] of named) {
    for (const name of script.names) {
      const features = names.get(name) ?? [];
      if (features.length > 0 && features.every(newer)) found.set(name, file);
    }
  }
  const list = { ...scripts, ...Object.fromEntries(ours.map((name) => [name, 'ours'])) };
  expect(unlisted(found, list)).toEqual([]);
  expect(unused(found, list), 'no longer used').toEqual([]);
});

test('no regular expression is one that an older browser cannot read', () => {
  const wrong: string[] = [];
  for (const [file, { patterns }] of named) {
    for (const p of patterns) {
      // Safari reads what looks behind since 16.4; one such line and a whole file is lost.
      if (/\(\?<[=!]|\(\?[a-z]*-?[a-z]*:(?<!\(\?:)|\/[a-z]*[dv][a-z]*$/.test(p)) {
        wrong.push(`${p} in ${file}`);
      }
    }
  }
  expect(wrong).toEqual([]);
});

test('no call after ?. spreads a list: Chrome 90 runs it wrongly', () => {
  const wrong = [...named].flatMap(([file, { spread }]) =>
    spread.map((call) => `${call.slice(0, 80)} in ${file}`),
  );
  expect(wrong).toEqual([]);
});

test('every newer feature of a style says how the page looks without', () => {
  const found = new Map<string, string>();
  for (const [file, css] of ending('.css')) {
    for (const path of featuresIn(css)) if (newer(path)) found.set(path, file);
  }
  expect(unlisted(found, styles)).toEqual([]);
  expect(unused(found, styles), 'no longer used').toEqual([]);
});

test('a height by a phone’s bars stands behind one that all know', () => {
  const alone: string[] = [];
  for (const [file, css] of ending('.css')) {
    for (const [all, property] of css.matchAll(/([a-z-]+):[^;{}]*dvh/g)) {
      const before = `${property}:${all.slice(`${property}:`.length).replaceAll('dvh', 'vh')}`;
      if (!css.includes(before)) alone.push(`${all} in ${file}`);
    }
  }
  expect(alone).toEqual([]);
});

test('what is listed by hand is newer by the data', () => {
  for (const path of Object.keys(byHand)) expect(lacking(path), path).not.toEqual([]);
  for (const path of Object.keys(byHand)) expect(lacking(path), path).toBeDefined();
});

test('scripts are read as a browser would', () => {
  const { names, patterns } = namesIn(
    'const { at } = x; navigator.locks; self.caches; new DataTransfer(); x["at"]; /a(?<=b)/v;',
  );
  for (const name of ['.at', 'Navigator.locks', 'caches', 'new DataTransfer', '.locks']) {
    expect(names, name).toContain(name);
  }
  expect(patterns).toContain('/a(?<=b)/v');
  const calls = 'a?.b.c(...d); a?.(...b); (a?.b)(...c); a.b(...c); a?.b(() => c(...d));';
  expect(namesIn(calls).spread).toEqual(['a?.b.c(...d)', 'a?.(...b)', '(a?.b)(...c)']);
  expect(lacking('javascript.builtins.Array.at')).toContain('safari_ios');
  expect(lacking('javascript.builtins.Promise.any')).toEqual([]);
  expect(lacking('api.Nothing')).toBeUndefined();
});

test('styles are read as a browser would', () => {
  const used = featuresIn(
    '@layer a{.x:has(b){inset:0;height:max(1px,10dvh);color:color-mix(in srgb,red,blue)}}',
  );
  for (const path of [
    'css.at-rules.layer',
    'css.selectors.has',
    'css.properties.inset',
    'css.types.length.viewport_percentage_units_dynamic',
  ]) {
    expect(used, path).toContain(path);
  }
  expect([...used].some((p) => p.endsWith('.color-mix'))).toBe(true);
});
