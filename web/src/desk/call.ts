import { exchange } from '../core/exchange';
import { lang } from '../text/catalogue';

/** One call of the API that is no edit and needs the network now. */
export const call = <T>(method: string, path: string, body?: unknown): Promise<T> =>
  exchange(method, path, { lang: lang.value, body });

/** What helps where it comes soon, and is not missed where it does not. */
export const ask = <T>(path: string): Promise<T> =>
  exchange('GET', path, { lang: lang.value, standstill: 15_000 });
