import { signal } from '@preact/signals';

/** The minute that deadlines and distances in time are shown for. */
export const now = signal(Date.now());

setInterval(() => {
  now.value = Date.now();
}, 60_000);
