import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import faults from './testing/faults.json';

/* The tests are tested: each fault is planted into the source as it is loaded, and
 * the test that is named must fail. */

const root = fileURLToPath(new URL('../..', import.meta.url));
const nested = process.env.SEGNAVIA_FAULT !== undefined;

test.skipIf(nested).each(faults)(
  '$name: caught by $caught',
  ({ name, caught }) => {
    const { SEGNAVIA_SEED: _, ...env } = process.env;
    const run = spawnSync(
      process.execPath,
      ['node_modules/vitest/vitest.mjs', 'run', `src/core/${caught}.test.ts`],
      { cwd: root, encoding: 'utf8', env: { ...env, SEGNAVIA_FAULT: name, SEGNAVIA_SEEDS: '200' } },
    );
    const said = run.stdout + run.stderr;
    expect(said, said).toContain(`planted: ${name}`);
    expect(said, said).toMatch(/AssertionError|does not come to rest/);
    expect(run.status).toBe(1);
  },
  120_000,
);
