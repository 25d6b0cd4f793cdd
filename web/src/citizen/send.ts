import { fromTown, NoNetwork, overNetwork, refusal } from '../core/network';
import { patiently } from '../core/patience';
import { all, type Draft, get, put } from './drafts';
import { mintNonce } from './nonce';

/** Tells every page that a draft is elsewhere now. */
const room = 'segnavia.drafts';

/** Listens for drafts that another page or the worker has sent. */
export function onSent(show: () => void) {
  if (typeof BroadcastChannel === 'undefined') return;
  new BroadcastChannel(room).addEventListener('message', show);
}

function tell() {
  if (typeof BroadcastChannel === 'undefined') return;
  const channel = new BroadcastChannel(room);
  channel.postMessage('sent');
  channel.close();
}

/** Where it had arrived before, and the town cannot tell that it is ours, it tells no
 * code. */
export type Answer = { code: string; spoken: string } | { known: true } | { why: string };

/** A connection that stands still holds up every other draft: five photos over a
 * poor network take less. */
const patienceMs = 180_000;

/** Hands a draft to the town. Sending it twice is one report: the town knows its id, and
 * by its nonce whose it is. It throws a NoNetwork where the town could not be reached or
 * cannot answer now; whatever else it throws is a fault of the program. */
export async function deliver(draft: Draft): Promise<Answer> {
  const body = new FormData();
  for (const [name, value] of draft.fields) body.append(name, value);
  body.set('id', draft.id);
  if (draft.nonce) body.set('nonce', draft.nonce);
  for (const photo of draft.photos) body.append('photo', photo, photo.name);
  const [status, text] = await patiently(patienceMs, async (signal) => {
    const response = await overNetwork(
      fetch('/report', {
        method: 'POST',
        headers: { Accept: 'application/json' },
        body,
        signal,
      }),
    );
    const { status } = response;
    if (status >= 500 || status === 429 || status === 408) throw new NoNetwork(`status ${status}`);
    return [status, await overNetwork(response.text())] as const;
  });
  const said = status < 300 ? fromTown(text) : refusal(text);
  if (status === 201) return said as Answer;
  if (status === 200 && said.known) return { known: true };
  return { why: said.errors?.[0]?.message ?? said.detail ?? '' };
}

/** Sends what waits, one after the other, and gives how many arrived. Another
 * page or the worker may do the same: one of them at a time does. It throws a NoNetwork
 * when something still waits; what the program cannot send waits for its person. */
export async function sendWaiting(): Promise<Draft[]> {
  const go = async () => {
    const arrived: Draft[] = [];
    for (const one of (await all()).reverse()) {
      let draft = one.state === 'waiting' ? await get(one.id) : undefined;
      if (draft?.state !== 'waiting') continue;
      if (!draft.nonce) {
        draft = { ...draft, nonce: mintNonce() };
        await put(draft); // before it leaves: the answer may be lost
      }
      let answer: Answer;
      try {
        answer = await deliver(draft);
      } catch (err) {
        if (err instanceof NoNetwork) throw err;
        console.error(err);
        await put({ ...draft, state: 'refused', failed: true });
        tell();
        continue;
      }
      if (!('why' in answer)) {
        // What was written is in the town now; here only the code is kept.
        const { nonce: _, ...rest } = draft;
        const sent: Draft = { ...rest, ...answer, state: 'sent', fields: [], photos: [] };
        await put(sent);
        arrived.push(sent);
      } else await put({ ...draft, ...answer, state: 'refused' });
      tell();
    }
    return arrived;
  };
  return navigator.locks ? navigator.locks.request('segnavia.send', go) : go();
}
