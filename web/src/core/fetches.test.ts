import { expect, test } from 'vitest';
import { Fetches } from './fetches';

const ndjson = (...lines: unknown[]) =>
  new Response(`${lines.map((l) => JSON.stringify(l)).join('\n')}\n`);

test('a snapshot that breaks off goes on after its last id, with the first v and the last upto', async () => {
  const asked: string[] = [];
  const answers = [
    ndjson({ t: 'snapshot', epoch: 'e', v: 5 }, { id: 'a', rev: 1, body: {} }),
    ndjson(
      { t: 'snapshot', epoch: 'e', v: 8 },
      { id: 'b', rev: 2, body: {} },
      { t: 'end', n: 2, upto: 9 },
    ),
  ];
  const fetches = new Fetches('http://town.example', () => 'T', (async (url: string) => {
    asked.push(url);
    return answers.shift();
  }) as never);
  const event = await fetches.run({ do: 'snapshot', scope: 'team:x', req: 3, epoch: 'e' });
  expect(event).toMatchObject({
    e: 'snapshot',
    req: 3,
    v: 5,
    upto: 9,
    rows: [{ id: 'a' }, { id: 'b' }],
  });
  expect(new URL(asked[1] as string).searchParams.get('after')).toBe('a');
});

test('a status is told, so that a reset is known from a lost network', async () => {
  const gone = new Fetches(
    'http://town.example',
    () => 'T',
    (async () => new Response('', { status: 410 })) as never,
  );
  const pull = { do: 'pull', scope: 's', req: 1, from: 0, epoch: 'e', limit: 500 } as const;
  expect(await gone.run(pull)).toMatchObject({ e: 'failed', status: 410 });
  const lost = new Fetches('http://town.example', () => 'T', (async () =>
    Promise.reject(new TypeError())) as never);
  expect(await lost.run(pull)).toMatchObject({ e: 'failed', status: 0 });
});
