import { signal } from '@preact/signals';

export type Place = { lon: number; lat: number };

/** Where this device is: asked for by a touch, used for the order of a list,
 * never kept and never sent. */
export const here = signal<Place | undefined>(undefined);
export const hereFailed = signal(false);

export function locate() {
  hereFailed.value = false;
  if (!navigator.geolocation) {
    hereFailed.value = true;
    return;
  }
  navigator.geolocation.getCurrentPosition(
    (p) => {
      here.value = { lon: p.coords.longitude, lat: p.coords.latitude };
    },
    () => {
      hereFailed.value = true;
    },
    { enableHighAccuracy: true, timeout: 15_000, maximumAge: 60_000 },
  );
}

const earthMetres = 6_371_000;

/** Metres over the ground (haversine). */
export function distance(a: Place, b: Place): number {
  const rad = Math.PI / 180;
  const dLat = (b.lat - a.lat) * rad;
  const dLon = (b.lon - a.lon) * rad;
  const h =
    Math.sin(dLat / 2) ** 2 +
    Math.cos(a.lat * rad) * Math.cos(b.lat * rad) * Math.sin(dLon / 2) ** 2;
  return 2 * earthMetres * Math.asin(Math.sqrt(h));
}
