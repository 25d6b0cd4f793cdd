import { useSignal } from '@preact/signals';
import { counts } from '../app/live';
import { go } from '../app/router';
import { signOut } from '../app/sign';
import { t } from '../text/catalogue';
import { Icon } from '../ui/Icon';
import { Lang } from '../ui/Lang';
import { Mark } from '../ui/Mark';
import { Notice } from '../ui/Notice';
import { Said } from '../ui/Said';
import { Export } from './Export';

/**
 * The town has ended this phone. Its lists are gone from here already; what its
 * person did and nobody else has is offered as a file before it goes too.
 */
export function Revoked() {
  const sure = useSignal(false);
  const n = counts.value.here;
  return (
    <main class="page stack" id="content">
      <Mark />
      <div class="empty">
        <Icon name="closed" />
        <h1>{t('crew.revoked.title')}</h1>
        <p>{t('crew.revoked.text')}</p>
      </div>
      {n > 0 && (
        <section class="card stack">
          <h2>{t('crew.revoked.unsent', { n })}</h2>
          <p>{t('crew.revoked.unsent_long')}</p>
          <Export main />
        </section>
      )}
      <button type="button" class="button wide" onClick={() => go('/crew/sign-in')}>
        {t('crew.revoked.again')}
      </button>
      {n === 0 || sure.value ? (
        <>
          {n > 0 && <Notice kind="danger">{t('core.sign_out.unsent', { n })}</Notice>}
          <button type="button" class="button danger wide" onClick={() => void signOut()}>
            {t(n > 0 ? 'crew.revoked.erase_all' : 'crew.revoked.erase')}
          </button>
        </>
      ) : (
        <button
          type="button"
          class="button plain wide"
          onClick={() => {
            sure.value = true;
          }}
        >
          {t('crew.revoked.erase')}
        </button>
      )}
      <Lang />
      <Said />
    </main>
  );
}
