import { Auth } from '../src/core/auth';
import { Client } from '../src/core/client';
import { Store } from '../src/core/store';

/** Signs in, follows every area, and tells how long it took until all of it was
 * held and written to the disk. */
async function firstSync(login: string, password: string, areas: string[]) {
  const store = await Store.open('segnavia-bench');
  const auth = new Auth(location.origin, () => 'it');
  const grant = await auth.signIn(login, password, 'bench');
  const began = performance.now();
  const client = await Client.start(
    {
      name: 'segnavia-bench',
      origin: location.origin,
      wants: () => true,
      more: areas.map((a) => `area:${a}`),
    },
    store,
    auth,
    grant,
  );
  const stored = async () => {
    const saved = await store.load();
    const rows = saved.scopes.reduce((n, s) => n + s.rows.length, 0);
    return { scopes: saved.scopes.length, rows };
  };
  await new Promise<void>((done) => {
    client.listen(() => {
      if (client.connection === 'live' && client.scopes.length > areas.length) done();
    });
  });
  const shown = performance.now() - began;
  let held = await stored();
  while (held.scopes <= areas.length) held = await stored();
  const ms = performance.now() - began;
  client.stop();
  return { shown, ms, ...held };
}

Object.assign(globalThis, { firstSync });
