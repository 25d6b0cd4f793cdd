import { effect } from '@preact/signals';
import { say } from '../app/capture';
import { client, counts } from '../app/live';
import { askForSync } from '../app/worker';
import { lastReceipt, receiptInWords } from './receipts';

/** What is answered sooner than this was never seen to wait. */
const waitedMs = 5000;

/** Says the receipt once all that waited has its answer, and asks to be woken for
 * what begins to wait. */
export function tellReceipts() {
  let waited = 0;
  let since = 0;
  effect(() => {
    const { here } = counts.value;
    if (here > 0 && waited === 0) since = Date.now();
    if (here > waited) void askForSync();
    if (waited > 0 && here === 0 && Date.now() - since > waitedMs) {
      const receipt = lastReceipt(client.peek()?.answered ?? []);
      // What was taken back has none.
      if (receipt && receipt.at > since) say(receiptInWords(receipt));
    }
    waited = here;
  });
}
