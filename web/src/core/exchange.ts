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
 * TypeError or an AbortError where there is no network. */
export async function exchange<T>(method: string, url: string, x: Exchange): Promise<T> {
  const [r, text] = await patiently(x.standstill ?? standstillMs, async (signal) => {
    const r = await (x.http ?? fetch)(url, {
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
    return [r, await r.text()] as const;
  });
  const answer = text ? JSON.parse(text) : {};
  if (!r.ok) {
    throw new Problem(r.status, answer.code ?? '', answer.detail ?? '', answer.args ?? {});
  }
  return answer as T;
}
