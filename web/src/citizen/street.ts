import type { Place } from './dom';

/** A place of the town's gazetteer: a street, with the door that was asked for
 * or the nearest one in its label. */
export type Found = { label: string; street: string } & Place;

/** Letters without case and accents, as people type them in haste. */
export const plain = (s: string) => s.toLowerCase().normalize('NFD').replace(/\p{M}/gu, '');

/** The place whose street an address begins with: "via balbi 12" is in Via Balbi. */
export function streetOf(address: string, known: readonly Found[]): Found | undefined {
  const typed = plain(address);
  return known.find(({ street }) => {
    const wanted = plain(street);
    return typed.startsWith(wanted) && !/^[\p{L}\d]/u.test(typed.slice(wanted.length));
  });
}
