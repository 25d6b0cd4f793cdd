import type { ClientFrame, Cursors, ErrorFrame, Position, ServerFrame } from './frames';
import { lines } from './lines';
import type { Hear, Link } from './link';

type Fetch = typeof fetch;

const pollMs = 20_000;
/** After this the socket is tried again. */
const turnMs = 300_000;

/**
 * The HTTP twin of the socket: the same frames by POST, news by server-sent
 * pokes, and by a poke of its own every 20 s where those do not pass.
 */
export function twin(base: string, token: () => string, hear: Hear, http: Fetch = fetch): Link {
  const abort = new AbortController();
  const scopes = new Set<string>();
  let epoch = '';
  let ended = false;
  let events: AbortController | undefined;

  const end = (code: number, error?: ErrorFrame) => {
    if (ended) return;
    ended = true;
    abort.abort();
    events?.abort();
    clearInterval(poll);
    clearTimeout(turn);
    hear.closed(code, error);
  };

  const post = async (path: string, body: unknown) => {
    try {
      const r = await http(base + path, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${token()}` },
        body: JSON.stringify(body),
        signal: abort.signal,
      });
      const answer = (await r.json()) as ServerFrame;
      if (ended) return;
      if (r.ok) return answer;
      // A gap leaves the connection standing, like on the socket.
      if (answer.t === 'error' && answer.code === 'gap') return answer;
      end(4000 + r.status, answer.t === 'error' ? answer : undefined);
    } catch {
      end(0);
    }
    return undefined;
  };

  const listen = async () => {
    events?.abort();
    events = new AbortController();
    const { signal } = events;
    if (scopes.size === 0) return;
    const query = new URLSearchParams({ scopes: [...scopes].join(','), epoch });
    try {
      const r = await http(`${base}/sync/events?${query}`, {
        headers: { authorization: `Bearer ${token()}` },
        signal,
      });
      if (!r.ok || !r.body) return;
      for await (const line of lines(r)) {
        if (ended || signal.aborted) return;
        if (line.startsWith('data:')) hear.frame(JSON.parse(line.slice(5)) as ServerFrame);
      }
    } catch {
      // The poll below goes on without it.
    }
  };

  const watch = (cursors: Cursors) => {
    const before = scopes.size;
    for (const scope of Object.keys(cursors)) scopes.add(scope);
    if (scopes.size !== before) void listen();
  };

  const poll = setInterval(() => {
    for (const scope of scopes) hear.frame({ t: 'poke', scope, head: 0 });
  }, pollMs);
  const turn = setTimeout(() => end(0), turnMs);
  queueMicrotask(() => !ended && hear.open());

  const send = async (frame: ClientFrame) => {
    switch (frame.t) {
      case 'hello': {
        const welcome = await post('/sync/hello', frame);
        if (welcome?.t !== 'welcome') return;
        epoch = welcome.epoch;
        hear.frame(welcome);
        watch(Object.fromEntries(welcome.scopes.map((p) => [p.scope, null])));
        return;
      }
      case 'push': {
        const ack = await post('/sync/push', frame);
        if (ack) hear.frame(ack);
        return;
      }
      case 'sub': {
        const positions: Position[] = Object.entries(frame.scopes).map(([scope, v]) => ({
          scope,
          head: v ?? 0,
          min: 0,
          mode: v === null ? 'reset' : 'tail',
        }));
        watch(frame.scopes);
        queueMicrotask(() => !ended && hear.frame({ t: 'subbed', scopes: positions }));
        return;
      }
      case 'unsub':
        for (const scope of frame.scopes) scopes.delete(scope);
        return;
      case 'auth':
        void listen();
        return;
    }
  };

  return {
    send: (frame) => void send(frame),
    close() {
      ended = true;
      abort.abort();
      events?.abort();
      clearInterval(poll);
      clearTimeout(turn);
    },
  };
}
