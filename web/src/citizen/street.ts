import type { Place } from './dom';

/** A street of the town with a point on it. */
export type Street = { name: string } & Place;

/** Letters without case and accents, as people type them in haste. */
export const plain = (s: string) => s.toLowerCase().normalize('NFD').replace(/\p{M}/gu, '');

/** The street that an address begins with: "via balbi 12" is in Via Balbi. */
export function streetOf(address: string, known: readonly Street[]): Street | undefined {
  const typed = plain(address);
  return known.find(({ name }) => {
    const wanted = plain(name);
    return typed.startsWith(wanted) && !/^[\p{L}\d]/u.test(typed.slice(wanted.length));
  });
}
