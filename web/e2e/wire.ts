import { connect, createServer, type Socket } from 'node:net';

/** A wire to the program that can be cut: no emulation, the connections end. */
export async function openWire(target: string) {
  const { hostname, port } = new URL(target);
  const open = new Set<Socket>();
  let whole = true;
  const server = createServer((near) => {
    if (!whole) return void near.destroy();
    const far = connect(Number(port), hostname);
    for (const [a, b] of [
      [near, far],
      [far, near],
    ] as const) {
      open.add(a);
      a.on('error', () => b.destroy());
      a.on('close', () => {
        open.delete(a);
        b.destroy();
      });
      a.pipe(b);
    }
  });
  await new Promise<void>((done) => server.listen(0, 'localhost', done));
  const address = server.address();
  if (!address || typeof address === 'string') throw new Error('no address');
  return {
    url: `http://localhost:${address.port}`,
    cut() {
      whole = false;
      for (const s of open) s.destroy();
    },
    mend() {
      whole = true;
    },
    close() {
      for (const s of open) s.destroy();
      server.close();
    },
  };
}
