/** How long a request may stand still before it is given up, milliseconds. A phone's
 * system may keep a request of a network that is gone for ever. */
export const standstillMs = 60_000;

/**
 * Runs a request that is given up when it has stood still for so long: ask passes the
 * signal on, and calls alive whenever something came. It throws what ask throws, an
 * AbortError among it.
 */
export async function patiently<T>(
  ms: number,
  ask: (signal: AbortSignal, alive: () => void) => Promise<T>,
): Promise<T> {
  const over = new AbortController();
  let late: ReturnType<typeof setTimeout> | undefined;
  const alive = () => {
    clearTimeout(late);
    late = setTimeout(() => over.abort(), ms);
  };
  alive();
  try {
    return await ask(over.signal, alive);
  } finally {
    clearTimeout(late);
  }
}
