/** Milliseconds before the next try: full jitter between 0.5 and 30 s. */
export function backoff(attempt: number, random: number): number {
  const top = Math.min(30_000, 500 * 2 ** Math.min(attempt, 10));
  return 500 + random * Math.max(0, top - 500);
}
