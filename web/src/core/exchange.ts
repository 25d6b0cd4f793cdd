import { fromTown, overNetwork, refusal } from './network';
import { patiently, standstillMs } from './patience';

/** A refusal of the town, with the sentence in the reader's language. */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    detail: string,
    readonly args: Record<string, unknown> = {},
  ) {
    super(detail);
  }
}

export type Exchange = {
  lang: string;
  body?: unknown;
  token?: string | undefined;
  http?: typeof fetch;
  /** How long it may stand still, milliseconds. */
  standstill?: number | undefined;
};

/** One call of the API, JSON both ways, past every cache. It throws a Problem, or a
 * NoNetwork where the town cannot be reached; whatever else is a fault of the program. */
export async function exchange<T>(method: string, url: string, x: Exchange): Promise<T> {
  const [r, text] = await patiently(x.standstill ?? standstillMs, async (signal) => {
    const call = (x.http ?? fetch)(url, {
      method,
      headers: {
        'accept-language': x.lang,
        ...(x.token === undefined ? {} : { authorization: `Bearer ${x.token}` }),
        ...(x.body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(x.body === undefined ? {} : { body: JSON.stringify(x.body) }),
      cache: 'no-store',
      signal,
    });
    const r = await overNetwork(call);
    return [r, await overNetwork(r.text())] as const;
  });
  if (r.ok) return (text ? fromTown(text) : {}) as T;
  const { code, detail, args } = refusal(text);
  throw new Problem(r.status, code ?? '', detail ?? '', args ?? {});
}
