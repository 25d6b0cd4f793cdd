import { computed, signal } from '@preact/signals';
import type { Client, Connection, Town } from '../core/client';
import type { StoreTrouble } from '../core/engine';
import { type Acked, noCounts, wantsEye } from '../core/outbox';
import type { View } from '../core/overlay';
import { noTown } from '../core/town';

/** The one client of this page, as signals that the screens read. */
export const client = signal<Client | undefined>(undefined);

/** Grows whenever the client says that something changed. */
export const changes = signal(0);

let unlisten: (() => void) | undefined;

export function attach(c: Client | undefined) {
  unlisten?.();
  client.value = c;
  changes.value++;
  let told = false;
  // A delta of many ops is one new picture, not many.
  unlisten = c?.listen(() => {
    if (told) return;
    told = true;
    setTimeout(() => {
      told = false;
      changes.value++;
    }, 16);
  });
}

const read = <T>(from: (c: Client) => T, otherwise: T) =>
  computed(() => {
    changes.value;
    return client.value ? from(client.value) : otherwise;
  });

export const views = read<View[]>((c) => c.views(), []);
export const ghosts = read<View[]>((c) => c.ghosts().flatMap((id) => c.view(id) ?? []), []);
export const town = read<Town>((c) => c.town, noTown());
export const connection = read<Connection>((c) => c.connection, 'offline');
export const counts = read((c) => c.counts, noCounts);
/** The answers that wait for a person to read them or to decide. */
export const looks = read<Acked[]>((c) => c.answered.filter(wantsEye), []);
export const storeTrouble = read<StoreTrouble | undefined>((c) => c.storeTrouble, undefined);
/** Whether any list was ever received here. */
export const received = read((c) => c.scopes.length > 0, false);

/** One report, read anew at each change. */
export function viewOf(id: string): View | undefined {
  changes.value;
  return client.value?.view(id);
}
