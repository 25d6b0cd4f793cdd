import { received } from '../app/live';
import { follow } from '../app/router';
import { shellKept } from '../app/worker';
import { kept } from '../basemap/kept';
import { t } from '../text/catalogue';
import { Icon } from '../ui/Icon';

/** Whether this phone may go where there is no network, and what it would lack. */
export function Ready() {
  if (!received.value || !shellKept.value) return null;
  return (
    <p class="row">
      <span class="chip good">
        <Icon name="resolved" />
        {t('crew.today.ready')}
      </span>
      {!kept() && (
        <a class="quiet-link" href="/crew/phone" onClick={follow}>
          {t('crew.today.no_map')}
        </a>
      )}
    </p>
  );
}
