/** A network call that failed: nobody answered, or the answer broke off. Nothing else
 * is told to people as a missing network. */
export class NoNetwork extends Error {}

/** Waits for a network call, and for nothing beside it: what its promise refuses with is
 * a NoNetwork. A call that throws instead of giving a promise is a fault of the program,
 * which passes as it is. */
export async function overNetwork<T>(call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (err) {
    throw new NoNetwork(String(err));
  }
}

/** What the town says in JSON. Whoever on the way answers something else in its place,
 * such as the page of a wireless network, is no town: a NoNetwork. */
export function fromTown(text: string) {
  try {
    return JSON.parse(text);
  } catch {
    throw new NoNetwork('somebody else has answered');
  }
}

/** Whoever refuses in the town's name need not speak its language:
 * then it says nothing. */
export function refusal(text: string) {
  try {
    return JSON.parse(text) ?? {};
  } catch {
    return {};
  }
}
