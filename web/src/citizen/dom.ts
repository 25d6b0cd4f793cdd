import { patiently } from '../core/patience';

/** The element with an id, when it is of the wanted kind. */
export function byId<E extends HTMLElement>(id: string): E | null {
  return document.getElementById(id) as E | null;
}

/** A new element with its properties and children. */
export function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  properties: Partial<HTMLElementTagNameMap[K]> = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const e = Object.assign(document.createElement(tag), properties);
  e.append(...children);
  return e;
}

/** How long what only helps may take, milliseconds. */
export const helpMs = 15_000;

export async function ask<T>(path: string): Promise<T | undefined> {
  try {
    return await patiently(helpMs, async (signal) => {
      const response = await fetch(path, { headers: { Accept: 'application/json' }, signal });
      return response.ok ? ((await response.json()) as T) : undefined;
    });
  } catch {
    return undefined; // without network the page works as without script
  }
}

export type Place = { lon: number; lat: number };

/** Where this device is, or undefined when nobody can tell. */
export function position(): Promise<Place | undefined> {
  return new Promise((done) => {
    if (!navigator.geolocation) {
      done(undefined);
      return;
    }
    navigator.geolocation.getCurrentPosition(
      (p) => done({ lon: p.coords.longitude, lat: p.coords.latitude }),
      () => done(undefined),
      { enableHighAccuracy: true, timeout: 15_000, maximumAge: 30_000 },
    );
  });
}
