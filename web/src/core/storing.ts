import { all, type DB, endOf, grantIn, type Schema } from './schema';
import { leaves, type Write } from './writes';

/** Carries out a list of writes in one transaction, or none of them: none where somebody
 * else than user is here by now. */
export async function write(db: DB, writes: readonly Write[], user?: string): Promise<void> {
  const tx = db.transaction(all, 'readwrite');
  const asked: Promise<unknown>[] = [];
  const facts = tx.objectStore('facts');
  const [end, grant] = await Promise.all([endOf(facts), grantIn(facts)]);
  const out = end === 'signed_out';
  if (user && grant?.user.id !== user) return;
  try {
    // Nothing is awaited in between: the requests keep the order of the list.
    for (const w of writes) {
      if (out && !leaves(w)) continue; // it would lie open beside what is sealed
      if ('device' in w && w.device !== grant?.device) continue; // its person is back by another
      asked.push(...requests(tx, w));
    }
  } catch (err) {
    tx.abort();
    await Promise.allSettled([...asked, tx.done]);
    throw err;
  }
  await Promise.all([...asked, tx.done]).catch(whyOf(tx));
}

/** A request says only that its transaction was aborted; the transaction says why. */
export const whyOf =
  (tx: { error: DOMException | null; done: Promise<void> }) => async (err: unknown) => {
    await tx.done.catch(byTheTransaction);
    throw tx.error ?? err;
  };
export const byTheTransaction = () => {};

type Tx = import('idb').IDBPTransaction<Schema, (typeof all)[number][], 'readwrite'>;

const scopeRange = (scope: string) => IDBKeyRange.bound([scope], [scope, []]);

function requests(tx: Tx, w: Write): Promise<unknown>[] {
  const reports = tx.objectStore('reports');
  const cursors = tx.objectStore('cursors');
  const outbox = tx.objectStore('outbox');
  const acked = tx.objectStore('acked');
  switch (w.w) {
    case 'row':
      return [reports.put({ ...w.row, scope: w.scope })];
    case 'gone':
      return [reports.delete([w.scope, w.id])];
    case 'cursor':
      return [cursors.put({ scope: w.scope, v: w.v, upto: w.upto })];
    case 'replace':
      return [
        reports.delete(scopeRange(w.scope)),
        ...w.rows.map((row) => reports.put({ ...row, scope: w.scope })),
        cursors.put({ scope: w.scope, v: w.v, upto: w.upto }),
      ];
    case 'drop':
      return [reports.delete(scopeRange(w.scope)), cursors.delete(w.scope)];
    case 'ghost':
      return [tx.objectStore('ghosts').put(w.ghost)];
    case 'unghost':
      return [tx.objectStore('ghosts').delete(w.id)];
    case 'item':
      return [outbox.put(w.item)];
    case 'withdrawn':
      return [
        outbox.delete(w.seq),
        ...(w.sha256 ? [tx.objectStore('blobs').delete(w.sha256)] : []),
      ];
    case 'acked':
      return [outbox.delete(w.item.seq), acked.put({ ...w.item, id: w.item.edit.id })];
    case 'reoffer':
      return [acked.delete(w.item.edit.id), outbox.put(w.item)];
    case 'forget':
      return [acked.delete(w.id)];
    case 'epoch':
      return [tx.objectStore('facts').put(w.epoch, 'epoch'), offerPictures(tx)];
    case 'last_n':
      return [tx.objectStore('facts').put(w.n, 'last_n')];
    case 'revoked':
      return [
        reports.clear(),
        cursors.clear(),
        acked.clear(),
        tx.objectStore('ghosts').clear(),
        tx.objectStore('facts').put(true, 'revoked'),
        forgetSent(tx),
      ];
    case 'signed_out':
      return [
        reports.clear(),
        cursors.clear(),
        tx.objectStore('ghosts').clear(),
        tx.objectStore('facts').put(true, 'signed_out'),
      ];
    case 'wipe':
      return all.map((name) => tx.objectStore(name).clear());
  }
}

/** The pictures that the town has go; those that wait stay. */
async function forgetSent(tx: Tx): Promise<void> {
  for (let at = await tx.objectStore('blobs').openCursor(); at !== null; at = await at.continue()) {
    if (at.value.sent !== undefined) await at.delete();
  }
}

/** In another age of the database the bucket may be older too: pictures that were
 * sent are asked after once more, as the edits are offered. */
async function offerPictures(tx: Tx): Promise<void> {
  let at = await tx.objectStore('blobs').openCursor();
  while (at) {
    const { sent, upload, previewed, ...picture } = at.value;
    if (sent !== undefined || upload !== undefined) await at.update(picture);
    at = await at.continue();
  }
}
