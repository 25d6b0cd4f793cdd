const everyMs = 100;

/** Waits until a database is open. Safari 14 lets the first opening of a page hang until
 * somebody asks for the names of the databases (webkit.org/b/226547). */
export async function awake<T>(opening: Promise<T>): Promise<T> {
  const ask = setInterval(() => void indexedDB.databases?.().catch(() => {}), everyMs);
  try {
    return await opening;
  } finally {
    clearInterval(ask);
  }
}
