import { afterEach, expect, test, vi } from 'vitest';
import { makeRoom } from './room';

afterEach(() => vi.unstubAllGlobals());

test('what comes again gives way to work: photos, streets, half a map; the whole map stays', async () => {
  const files = new Set(['whole', 'half']);
  const caches = new Set(['media', 'streets', 'shell-1']);
  const folder = {
    keys: async function* () {
      yield* [...files];
    },
    removeEntry: async (name: string) => files.delete(name),
  };
  vi.stubGlobal('caches', { delete: async (name: string) => caches.delete(name) });
  vi.stubGlobal('localStorage', { getItem: () => JSON.stringify({ sha256: 'whole' }) });
  vi.stubGlobal('navigator', {
    storage: { getDirectory: async () => ({ getDirectoryHandle: async () => folder }) },
  });
  await makeRoom();
  expect([...caches]).toEqual(['shell-1']);
  expect([...files]).toEqual(['whole']);
});
