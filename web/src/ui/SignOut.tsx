import { useSignal } from '@preact/signals';
import { counts } from '../app/live';
import { signOut } from '../app/sign';
import { t } from '../text/catalogue';
import { Dialog } from './Dialog';
import { Icon } from './Icon';
import { Notice } from './Notice';

/** Signing out erases; what was not sent is named before it is lost. */
export function SignOut() {
  const asks = useSignal(false);
  const ask = () => {
    if (counts.value.here === 0) void signOut();
    else asks.value = true;
  };
  return (
    <>
      <button type="button" class="button plain" onClick={ask}>
        <Icon name="out" />
        {t('core.sign_out')}
      </button>
      {asks.value && (
        <Dialog
          title={t('core.sign_out')}
          close={() => {
            asks.value = false;
          }}
        >
          <Notice kind="danger">{t('core.sign_out.unsent', { n: counts.value.here })}</Notice>
          <div class="row">
            <button
              type="button"
              class="button main"
              onClick={() => {
                asks.value = false;
              }}
            >
              {t('core.cancel')}
            </button>
            <button type="button" class="button danger" onClick={() => void signOut()}>
              {t('core.sign_out.anyway')}
            </button>
          </div>
        </Dialog>
      )}
    </>
  );
}
