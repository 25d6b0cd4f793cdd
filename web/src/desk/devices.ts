import type { DeviceSeen, DevicesBody, InviteBody } from '../core/api';
import type { Person, Role } from '../core/civic';
import { call } from './call';

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

/** Those seen last first. */
export const devices = async (): Promise<DeviceSeen[]> =>
  (await call<DevicesBody>('GET', '/api/v1/devices')).devices ?? [];

export const invite = (user: string) =>
  call<InviteBody>('POST', '/api/v1/devices/invite', { user });

export const revoke = (device: string) => call<unknown>('DELETE', `/api/v1/devices/${device}`);
