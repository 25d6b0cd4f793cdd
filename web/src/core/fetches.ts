import type { Delta } from './frames';
import type { Row } from './replica';
import type { Bucket, Effect, Event } from './session';

type Fetch = typeof fetch;

/** A request that the server answered with an error status. */
class Refused extends Error {
  constructor(readonly status: number) {
    super(`status ${status}`);
  }
}

/** The reads of the protocol: pull, snapshot, repair. */
export class Fetches {
  constructor(
    private readonly base: string,
    private readonly token: () => string,
    private readonly http: Fetch = (...a) => fetch(...a),
  ) {}

  /** Carries out one read and gives its event, failed ones included. */
  async run(effect: Effect & { do: 'pull' | 'snapshot' | 'lanes' | 'buckets' }): Promise<Event> {
    const { scope, req, epoch } = effect;
    try {
      switch (effect.do) {
        case 'pull': {
          const r = await this.get('pull', {
            scope,
            epoch,
            from: effect.from,
            limit: effect.limit,
          });
          return { e: 'pulled', scope, req, deltas: (await r.json()) as Delta[] };
        }
        case 'snapshot':
          return {
            e: 'snapshot',
            scope,
            req,
            ...(await this.snapshot('snapshot', { scope, epoch })),
          };
        case 'lanes': {
          const r = await this.get('repair', { scope, epoch, at: effect.at, sum: effect.sum });
          const a = (await r.json()) as { epoch: string; v: number; lanes: string[] };
          return { e: 'lanes', scope, req, epoch: a.epoch, v: a.v, lanes: a.lanes };
        }
        case 'buckets': {
          const buckets: Bucket[] = [];
          for (const prefix of effect.prefixes) {
            const { v, rows } = await this.snapshot('repair', { scope, epoch, prefix });
            buckets.push({ prefix, v, rows });
          }
          return { e: 'buckets', scope, req, buckets };
        }
      }
    } catch (err) {
      return { e: 'failed', scope, req, status: err instanceof Refused ? err.status : 0 };
    }
  }

  private async get(path: string, query: Record<string, string | number>): Promise<Response> {
    const params = new URLSearchParams(
      Object.entries(query).map(([k, v]): [string, string] => [k, String(v)]),
    );
    const r = await this.http(`${this.base}/sync/${path}?${params}`, {
      headers: { authorization: `Bearer ${this.token()}` },
    });
    if (!r.ok) throw new Refused(r.status);
    return r;
  }

  /** Reads NDJSON to its end line; a stream that breaks goes on after its last
   * id, and then the first v and the last upto hold. */
  private async snapshot(path: string, query: Record<string, string>) {
    const rows: Row[] = [];
    let first: { epoch: string; v: number } | undefined;
    for (let tries = 0; tries < 5; tries++) {
      const after = rows.at(-1)?.id;
      let upto: number | undefined;
      try {
        const r = await this.get(path, after ? { ...query, after } : query);
        for await (const line of lines(r)) {
          if (line.t === 'snapshot') {
            if (first && first.epoch !== line.epoch) throw new Refused(410);
            first ??= { epoch: line.epoch as string, v: line.v as number };
          } else if (line.t === 'end') upto = line.upto as number;
          else if (typeof line.id === 'string') rows.push(line as unknown as Row);
        }
      } catch (err) {
        if (err instanceof Refused) throw err;
      }
      if (first && upto !== undefined) return { ...first, upto: Math.max(upto, first.v), rows };
    }
    throw new Error('the snapshot broke off');
  }
}

async function* lines(r: Response): AsyncGenerator<Record<string, unknown>> {
  if (!r.body) return;
  const reader = r.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  for (;;) {
    const { done, value } = await reader.read();
    const parts = (rest + (value ?? '')).split('\n');
    rest = done ? '' : (parts.pop() ?? '');
    for (const part of parts) if (part.trim()) yield JSON.parse(part);
    if (done) return;
  }
}
