import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vite';
import { build } from 'vite';
import { defineConfig } from 'vitest/config';
import { styleTargets, targets } from './src/oldest/browsers.ts';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** Tells the service worker what to keep: every file of both shells, the map
 * included, under a version that changes with any of them. */
function precache(): Plugin {
  return {
    name: 'precache',
    apply: 'build',
    enforce: 'post',
    generateBundle(_, bundle) {
      // It lets the Go program be built before the web is.
      this.emitFile({ type: 'asset', fileName: '.gitkeep', source: '' });
      const sw = bundle['sw.js'];
      if (sw?.type !== 'chunk') return;
      if (sw.imports.length > 0) throw new Error('the service worker must stand alone');
      const files = Object.keys(bundle).filter(
        (f) =>
          f !== 'sw.js' &&
          f !== 'citizen.js' &&
          f !== '.gitkeep' &&
          !f.includes('citizen') &&
          !f.endsWith('.map') &&
          !f.startsWith('.vite') &&
          !f.endsWith('.html'),
      );
      const pages = ['crew', 'desk'];
      const version = createHash('sha256')
        .update(files.sort().join('\n'))
        .update(pages.map((p) => readFileSync(here(`./${p}.html`), 'utf8')).join('\n'))
        .update(sw.code)
        .digest('hex')
        .slice(0, 12);
      sw.code = sw.code
        .replace('"__PRECACHE__"', JSON.stringify(files.map((f) => `/${f}`)))
        .replace("'__PRECACHE__'", JSON.stringify(files.map((f) => `/${f}`)))
        .replace('`__PRECACHE__`', JSON.stringify(files.map((f) => `/${f}`)))
        .replaceAll('__VERSION__', version);
    },
  };
}

/** The citizens' service worker in one classic script: Firefox knew none that are modules
 * for long, nor did Safari before 15. */
async function citizenWorker(): Promise<string> {
  const built = await build({
    root: here('.'),
    configFile: false,
    publicDir: false,
    logLevel: 'error',
    build: {
      write: false,
      target: targets,
      modulePreload: false,
      rollupOptions: { input: here('./src/citizen/worker.ts'), output: { format: 'iife' } },
    },
  });
  const output = 'output' in built ? built.output : [];
  const [worker, ...others] = output;
  if (worker?.type !== 'chunk' || others.length > 0) throw new Error('one script was expected');
  return worker.code;
}

/** Tells the citizens' service worker what its pages need, the map left out. */
function citizenShell(): Plugin {
  return {
    name: 'citizen-shell',
    apply: 'build',
    enforce: 'post',
    async generateBundle(_, bundle) {
      const code = await citizenWorker();
      const wanted = new Set<string>(['assets/icon-v1.svg']);
      const follow = (name: string) => {
        const chunk = bundle[name];
        if (wanted.has(name) || chunk?.type !== 'chunk') return;
        wanted.add(name);
        for (const style of chunk.viteMetadata?.importedCss ?? []) wanted.add(style);
        for (const font of chunk.viteMetadata?.importedAssets ?? []) wanted.add(font);
        chunk.imports.forEach(follow);
      };
      for (const [name, chunk] of Object.entries(bundle)) {
        if (chunk.type === 'chunk' && chunk.isEntry && chunk.name === 'citizen') follow(name);
        if (/titillium.*-(400|700)-.*woff2$/.test(name)) wanted.add(name);
      }
      const files = JSON.stringify([...wanted].sort().map((f) => `/${f}`));
      const version = createHash('sha256').update(files).update(code).digest('hex');
      const source = code
        .replace(/["'`]__PRECACHE__["'`]/, () => files)
        .replaceAll('__VERSION__', version.slice(0, 12));
      this.emitFile({ type: 'asset', fileName: 'citizen.js', source });
    },
  };
}

/** The tokens are an entry of their own, for the citizens' pages: a staff page must
 * link them before the styles that build on them. */
function tokensFirst(): Plugin {
  return {
    name: 'tokens-first',
    apply: 'build',
    transformIndexHtml: {
      order: 'post',
      handler(html) {
        const link = /\s*<link rel="stylesheet"[^>]*\/tokens-[^>]*>/.exec(html)?.[0];
        if (!link) throw new Error('no tokens in a staff page');
        const first = html.indexOf('<link rel="stylesheet"');
        return `${html.slice(0, first)}${link.trim()}\n    ${html.slice(first).replace(link, '')}`;
      },
    },
  };
}

/** The address of MapLibre's worker, built beside the page, with what older browsers
 * lack before it. */
function mapWorker(): Plugin {
  const name = 'virtual:map-worker';
  const entry = '\0map-worker-entry';
  const sources = ['./src/oldest/fill.ts', './node_modules/maplibre-gl/src/source/worker.ts'];
  let reference = '';
  return {
    name: 'map-worker',
    apply: 'build',
    buildStart() {
      reference = this.emitFile({
        type: 'chunk',
        id: entry,
        name: 'map-worker',
      });
    },
    resolveId: (id) => (id === name ? `\0${name}` : id === entry ? id : undefined),
    load(id) {
      if (id === `\0${name}`) return `export default import.meta.ROLLUP_FILE_URL_${reference};`;
      if (id !== entry) return undefined;
      return sources.map((s) => `import ${JSON.stringify(here(s))};`).join('\n');
    },
  };
}

/** Plants a fault into a source of the core, for the test of its tests. */
function plantedFault(name: string | undefined): Plugin[] {
  if (!name) return [];
  const faults = JSON.parse(readFileSync(here('./src/core/testing/faults.json'), 'utf8'));
  const fault = faults.find((f: { name: string }) => f.name === name);
  if (!fault) throw new Error(`no such fault: ${name}`);
  return [
    {
      name: 'planted-fault',
      enforce: 'pre',
      transform(code, id) {
        if (!id.endsWith(`/src/core/${fault.file}`)) return null;
        if (!code.includes(fault.from)) throw new Error(`not in ${fault.file}: ${fault.from}`);
        console.log(`planted: ${name}`);
        return { code: code.replace(fault.from, fault.to), map: null };
      },
    },
  ];
}

export default defineConfig({
  root: here('.'),
  publicDir: here('./public'),
  resolve: {
    alias: [
      { find: '@text', replacement: here('../text') },
      // Its published bundles hold everything twice, for the page and for the
      // worker; built from its sources the two share what they have in common.
      { find: /^maplibre-gl$/, replacement: here('./node_modules/maplibre-gl/src/index.ts') },
    ],
  },
  oxc: {
    jsx: { runtime: 'automatic', importSource: 'preact' },
    // MapLibre's sources declare fields that a parent's constructor fills.
    assumptions: { setPublicClassFields: true },
    typescript: { removeClassFieldsWithoutInitializer: true },
  },
  plugins: [
    mapWorker(),
    tokensFirst(),
    precache(),
    citizenShell(),
    ...plantedFault(process.env.SEGNAVIA_FAULT),
  ],
  server: {
    fs: { allow: [here('..')] },
    proxy: Object.fromEntries(
      ['/api', '/media', '/tiles', '/basemap.pmtiles'].map((p) => [p, 'http://127.0.0.1:8080']),
    ),
  },
  build: {
    outDir: here('./dist'),
    emptyOutDir: true,
    target: targets,
    cssTarget: styleTargets,
    manifest: true,
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    rollupOptions: {
      input: {
        crew: here('./crew.html'),
        desk: here('./desk.html'),
        sw: here('./src/sw/worker.ts'),
        tokens: here('./src/ui/tokens.css'),
        citizen: here('./src/citizen/main.ts'),
      },
      output: {
        entryFileNames: (c) => (c.name === 'sw' ? 'sw.js' : 'assets/[name]-[hash].js'),
        chunkFileNames: 'assets/[name]-[hash].js',
        assetFileNames: 'assets/[name]-[hash][extname]',
      },
    },
  },
  test: { include: ['src/**/*.test.ts'], environment: 'node' },
});
