import { askInstall, install, notNow } from '../app/install';
import { t } from '../text/catalogue';

/** Asks to be put among the phone's apps: from there it opens without network. */
export function Install() {
  if (!install.value) return null;
  return (
    <section class="card stack-small">
      <h2>{t('crew.install.title')}</h2>
      <p>{t(install.value === 'ask' ? 'crew.install.text' : 'crew.install.menu')}</p>
      <div class="pair">
        {install.value === 'ask' && (
          <button type="button" class="button main" onClick={() => void askInstall()}>
            {t('crew.install.go')}
          </button>
        )}
        <button type="button" class="button" onClick={notNow}>
          {t('crew.install.later')}
        </button>
      </div>
    </section>
  );
}
