import { Problem } from '../core/auth';
import { patiently, standstillMs } from '../core/patience';
import { lang } from '../text/catalogue';

/** One call of the API that is no edit and needs the network now. */
export async function call<T>(method: string, path: string, body?: unknown): Promise<T> {
  const [r, text] = await patiently(standstillMs, async (signal) => {
    const r = await fetch(path, {
      method,
      headers: { 'accept-language': lang.value, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal,
    });
    return [r, await r.text()] as const;
  });
  const answer = text ? JSON.parse(text) : {};
  if (!r.ok) throw new Problem(r.status, answer.code ?? '', answer.detail ?? '');
  return answer as T;
}
