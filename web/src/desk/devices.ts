import type { DeviceSeen, DevicesBody, InviteBody } from '../core/api';
import { Problem } from '../core/auth';
import type { Person, Role } from '../core/civic';
import { patiently, standstillMs } from '../core/patience';
import { lang } from '../text/catalogue';

export type { DeviceSeen, InviteBody } from '../core/api';

/** Whose devices somebody in a role looks after: the server holds to the same. */
export const keeps = (mine: Role, theirs: Role): boolean =>
  mine === 'admin' || (mine === 'foreman' && (theirs === 'crew' || theirs === 'contractor'));

export const isKeeper = (role: string | undefined): boolean =>
  role === 'admin' || role === 'foreman';

/** The people for whom a phone can be let in, by name. */
export const people = (users: Record<string, Person>, mine: Role): Person[] =>
  Object.values(users)
    .filter((u) => keeps(mine, u.role))
    .sort((a, b) => a.name.localeCompare(b.name));

async function call<T>(method: string, path: string, body?: unknown): Promise<T> {
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

/** Those seen last first. */
export const devices = async (): Promise<DeviceSeen[]> =>
  (await call<DevicesBody>('GET', '/api/v1/devices')).devices ?? [];

export const invite = (user: string) =>
  call<InviteBody>('POST', '/api/v1/devices/invite', { user });

export const revoke = (device: string) => call<unknown>('DELETE', `/api/v1/devices/${device}`);
