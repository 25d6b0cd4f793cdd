import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { NoNetwork } from '../core/network';
import type { Draft } from './drafts';

const kept = new Map<string, Draft>();
vi.mock('./drafts', () => ({
  all: async () => [...kept.values()],
  get: async (id: string) => kept.get(id),
  put: async (d: Draft) => kept.set(d.id, d),
  drop: async (id: string) => kept.delete(id),
}));
const { sendWaiting } = await import('./send');

const draft = (more: Partial<Draft>): Draft => ({
  id: '01890a5d-ac96-774b-bcce-b302099a8057',
  state: 'waiting',
  saved: 1,
  title: 'Buca',
  fields: [['service', 'x']],
  photos: [],
  ...more,
});
const one = () => [...kept.values()][0] as Draft;

/** What the town was sent, and how it answers. */
let sent: FormData[] = [];
function town(...answers: (Response | Error)[]) {
  vi.stubGlobal('fetch', async (_: string, init: { body: FormData }) => {
    sent.push(init.body);
    const answer = answers.shift();
    if (answer instanceof Error) throw answer;
    return answer;
  });
}

beforeEach(() => {
  kept.clear();
  sent = [];
  vi.stubGlobal('navigator', {});
});
afterEach(() => vi.unstubAllGlobals());

test('a draft of before nonces is given one that outlives a lost answer', async () => {
  kept.set(draft({}).id, draft({}));
  town(
    new TypeError('no network'),
    Response.json({ code: 'GE1', spoken: 'GE 1' }, { status: 201 }),
  );
  await expect(sendWaiting()).rejects.toThrow();
  expect(await sendWaiting()).toHaveLength(1);
  expect(sent).toHaveLength(2);
  expect(sent[0]?.get('nonce')).toMatch(/^[\w-]{32}$/);
  expect(sent[1]?.get('nonce')).toBe(sent[0]?.get('nonce'));
  expect(one()).toMatchObject({ state: 'sent', code: 'GE1', fields: [] });
  expect(one().nonce).toBeUndefined();
});

test('what had arrived before counts as arrived, without a code', async () => {
  kept.set(draft({}).id, draft({ nonce: 'n'.repeat(32) }));
  town(Response.json({ known: true, detail: 'It had arrived.' }));
  await sendWaiting();
  expect(one()).toMatchObject({ state: 'sent', fields: [] });
  expect(one().code).toBeUndefined();
});

test('what the town does not take stays, with its nonce', async () => {
  kept.set(draft({}).id, draft({ nonce: 'n'.repeat(32) }));
  town(Response.json({ errors: [{ message: 'Where?' }] }, { status: 422 }));
  await sendWaiting();
  expect(one()).toMatchObject({ state: 'refused', why: 'Where?', nonce: 'n'.repeat(32) });
});

test.each([
  ['a network that is gone', new TypeError('Failed to fetch')],
  ['a town that is busy', new Response('', { status: 503 })],
  ['a page of the wireless network in its place', new Response('<html>', { status: 200 })],
])('%s leaves the draft waiting', async (_, answer) => {
  kept.set(draft({}).id, draft({ nonce: 'n'.repeat(32) }));
  town(answer);
  await expect(sendWaiting()).rejects.toThrow(NoNetwork);
  expect(one().state).toBe('waiting');
});

test.each([
  ['no FormData', () => vi.stubGlobal('FormData', undefined)],
  ['no fetch', () => vi.stubGlobal('fetch', undefined)],
  ['no AbortController', () => vi.stubGlobal('AbortController', undefined)],
])('%s is no missing network: its person sends it, and the next one leaves', async (_, fault) => {
  const said = vi.spyOn(console, 'error').mockImplementation(() => {});
  kept.set(draft({}).id, draft({ nonce: 'n'.repeat(32) }));
  town(Response.json({ code: 'GE1', spoken: 'GE 1' }, { status: 201 }));
  fault();
  expect(await sendWaiting()).toEqual([]);
  expect(one()).toMatchObject({ state: 'refused', failed: true, fields: [['service', 'x']] });
  expect(said).toHaveBeenCalled();
});

test('what a proxy refuses without a word is no town’s code and waits for nobody', async () => {
  kept.set(draft({}).id, draft({ nonce: 'n'.repeat(32) }));
  town(new Response('<h1>413</h1>', { status: 413 }));
  expect(await sendWaiting()).toEqual([]);
  expect(one()).toMatchObject({ state: 'refused', why: '' });
});
