import type { Delta } from './frames';
import { lines } from './lines';
import { fromTown, NoNetwork, overNetwork } from './network';
import { patiently, standstillMs } from './patience';
import type { Row } from './replica';
import type { Bucket, Effect, Event } from './session';

type Fetch = typeof fetch;
type Query = Record<string, string | number>;

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
    private readonly standstill = standstillMs,
  ) {}

  /** Carries out one read and gives its event, failed ones included. It throws only for a
   * fault of the program. */
  async run(effect: Effect & { do: 'pull' | 'snapshot' | 'lanes' | 'buckets' }): Promise<Event> {
    const { scope, req, epoch } = effect;
    try {
      switch (effect.do) {
        case 'pull': {
          const { from, limit } = effect;
          const deltas = await this.json<Delta[]>('pull', { scope, epoch, from, limit });
          return { e: 'pulled', scope, req, deltas };
        }
        case 'snapshot':
          return {
            e: 'snapshot',
            scope,
            req,
            ...(await this.snapshot('snapshot', { scope, epoch })),
          };
        case 'lanes': {
          const { at, sum } = effect;
          const a = await this.json<{ epoch: string; v: number; lanes: string[] }>('repair', {
            scope,
            epoch,
            at,
            sum,
          });
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
      if (err instanceof NoNetwork) return { e: 'failed', scope, req, status: 0 };
      if (err instanceof Refused) return { e: 'failed', scope, req, status: err.status };
      throw err;
    }
  }

  private json<T>(path: string, query: Query): Promise<T> {
    return patiently(this.standstill, async (signal) => {
      const r = await this.get(path, query, signal);
      return fromTown(await overNetwork(r.text())) as T;
    });
  }

  private async get(path: string, query: Query, signal: AbortSignal): Promise<Response> {
    const params = new URLSearchParams(
      Object.entries(query).map(([k, v]): [string, string] => [k, String(v)]),
    );
    const call = this.http(`${this.base}/sync/${path}?${params}`, {
      headers: { authorization: `Bearer ${this.token()}` },
      signal,
    });
    const r = await overNetwork(call);
    if (!r.ok) throw new Refused(r.status);
    return r;
  }

  /** Reads NDJSON to its end line; a stream that breaks goes on after its last
   * id, and then the first v and the last upto hold. */
  private async snapshot(path: string, query: Record<string, string>) {
    const rows: Row[] = [];
    let first: { epoch: string; v: number } | undefined;
    for (let tries = 0; tries < 5; tries++) {
      const after = rows[rows.length - 1]?.id;
      let upto: number | undefined;
      try {
        await patiently(this.standstill, async (signal, alive) => {
          const r = await this.get(path, after ? { ...query, after } : query, signal);
          for await (const text of lines(r, alive)) {
            if (!text.trim()) continue;
            const line = fromTown(text) as Record<string, unknown>;
            if (line.t === 'snapshot') {
              if (first && first.epoch !== line.epoch) throw new Refused(410);
              first ??= { epoch: line.epoch as string, v: line.v as number };
            } else if (line.t === 'end') upto = line.upto as number;
            else if (typeof line.id === 'string') rows.push(line as unknown as Row);
          }
        });
      } catch (err) {
        if (!(err instanceof NoNetwork)) throw err;
      }
      if (first && upto !== undefined) return { ...first, upto: Math.max(upto, first.v), rows };
    }
    throw new NoNetwork('the snapshot broke off');
  }
}
