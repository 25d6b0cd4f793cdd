import { now } from '../app/clock';
import { changes, client, connection } from '../app/live';
import { follow } from '../app/router';
import { t } from '../text/catalogue';
import { Notice } from '../ui/Notice';
import { waitsSince } from './receipts';

const dayMs = 24 * 3600 * 1000;

/** Work that has been on this phone alone for a day is said in red, on every screen. */
export function Overdue() {
  changes.value;
  const c = client.value;
  const since = c && waitsSince(c.outbox, c.waitingPictures);
  if (!c || since === undefined || now.value - since < dayMs) return null;
  return (
    <Notice kind="danger">
      <p class="strong">{t('crew.overdue', { n: c.counts.here })}</p>
      <p>
        {t(connection.value === 'sign_in' ? 'crew.overdue.sign_in' : 'crew.overdue.network')}{' '}
        <a class="link" href="/crew/queue" onClick={follow}>
          {t('crew.overdue.see')}
        </a>
      </p>
    </Notice>
  );
}
