import { expect, test, vi } from 'vitest';
import { exchange } from './exchange';
import { Fetches } from './fetches';
import { NoNetwork } from './network';

const ask = (http: unknown) =>
  exchange('GET', 'http://town.example', { lang: 'it', http: http as typeof fetch });
const brokenOff = () =>
  new Response(new ReadableStream({ start: (c) => c.error(new TypeError('cut')) }));

test.each([
  ['a refused call', async () => Promise.reject(new TypeError('Failed to fetch'))],
  ['an answer that breaks off', async () => brokenOff()],
  ['the page of a wireless network', async () => new Response('<html>')],
])('%s is no network', async (_, http) => {
  await expect(ask(http)).rejects.toBeInstanceOf(NoNetwork);
});

test.each([
  ['what throws at once', () => (undefined as unknown as () => void)()],
  ['an interface that is not there', () => new (undefined as unknown as typeof URL)('x')],
])('%s is a fault of the program', async (_, http) => {
  await expect(ask(http)).rejects.toThrow(TypeError);
  await expect(ask(http)).rejects.not.toBeInstanceOf(NoNetwork);
});

test('a refusal that is no JSON is still one', async () => {
  const busy = async () => new Response('<h1>busy</h1>', { status: 503 });
  await expect(ask(busy)).rejects.toMatchObject({ status: 503, code: '' });
});

const snapshot = { do: 'snapshot', scope: 's', req: 1, epoch: 'e' } as const;

test('a read of the protocol fails by the network alone', async () => {
  const gone = new Fetches(
    '',
    () => 'T',
    async () => Promise.reject(new TypeError('x')),
  );
  expect(await gone.run(snapshot)).toMatchObject({ e: 'failed', status: 0 });
  vi.stubGlobal('TextDecoder', undefined);
  const fault = new Fetches(
    '',
    () => 'T',
    async () => new Response('{}\n'),
  );
  await expect(fault.run(snapshot)).rejects.toThrow(TypeError);
  vi.unstubAllGlobals();
});
