import { expect, test } from 'vitest';
import type { ErrorFrame, ServerFrame } from './frames';
import type { Hear } from './link';
import { Transport } from './transport';

const silent = { send() {}, close() {} };
const deaf: Hear = { open() {}, frame() {}, closed() {} };

test('two sockets that die mute bring the HTTP twin, then a socket again', () => {
  const tried: string[] = [];
  const hears: Hear[] = [];
  const note = (what: string) => (hear: Hear) => {
    tried.push(what);
    hears.push(hear);
    return silent;
  };
  const transport = new Transport({ socket: note('socket'), twin: note('twin') });
  for (let i = 0; i < 4; i++) {
    transport.connect(deaf);
    hears.at(-1)?.closed(1006);
  }
  expect(tried).toEqual(['socket', 'socket', 'twin', 'socket']);
});

test('a socket that spoke is tried again as a socket', () => {
  const tried: string[] = [];
  const frames: ServerFrame[] = [];
  const closes: [number, ErrorFrame | undefined][] = [];
  let heard: Hear | undefined;
  const transport = new Transport({
    socket: (hear) => {
      tried.push('socket');
      heard = hear;
      return silent;
    },
    twin: () => {
      tried.push('twin');
      return silent;
    },
  });
  const hear: Hear = {
    open() {},
    frame: (f) => frames.push(f),
    closed: (c, e) => closes.push([c, e]),
  };
  for (let i = 0; i < 5; i++) {
    transport.connect(hear);
    heard?.frame({ t: 'hb', token_expires_in: 1 });
    heard?.closed(1006);
  }
  expect(tried).not.toContain('twin');
  expect(frames).toHaveLength(5);
  expect(closes[0]).toEqual([1006, undefined]);
});
