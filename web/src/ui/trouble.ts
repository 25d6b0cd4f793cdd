import { Problem } from '../core/exchange';
import { NoNetwork } from '../core/network';
import { type Key, t } from '../text/catalogue';

/** What went wrong with a call, for the person: the town's own words, the given sentence
 * where there is no network, else that the page has a fault. */
export function trouble(err: unknown, noNetwork: Key): string {
  if (err instanceof Problem) return err.message || t('error.internal');
  if (err instanceof NoNetwork) return t(noNetwork);
  console.error(err);
  return t('core.program');
}
