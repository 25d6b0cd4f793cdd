/**
 * One tab owns the socket and the outbox. Lead runs while this tab is it, and
 * ends by the signal; where there are no Web Locks every tab leads, which the
 * protocol allows.
 */
export function leader(name: string, lead: () => void, locks = globalThis.navigator?.locks) {
  if (!locks) {
    lead();
    return () => {};
  }
  const abort = new AbortController();
  let release: () => void = () => {};
  locks
    .request(name, { signal: abort.signal }, () => {
      lead();
      return new Promise<void>((done) => {
        release = done;
      });
    })
    .catch(() => {});
  return () => {
    abort.abort();
    release();
  };
}
