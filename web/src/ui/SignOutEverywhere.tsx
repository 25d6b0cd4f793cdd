import { useSignal } from '@preact/signals';
import { signOutEverywhere } from '../app/sign';
import { t } from '../text/catalogue';
import { Dialog } from './Dialog';
import { Icon } from './Icon';
import { Notice } from './Notice';
import { trouble } from './trouble';

/** For whoever has lost a phone, or left a computer signed in. */
export function SignOutEverywhere() {
  const asks = useSignal(false);
  const busy = useSignal(false);
  const wrong = useSignal('');
  const close = () => {
    asks.value = false;
    wrong.value = '';
  };
  const go = async () => {
    busy.value = true;
    try {
      await signOutEverywhere();
    } catch (err) {
      wrong.value = trouble(err, 'core.sign_out.everywhere_network');
    }
    busy.value = false;
  };
  return (
    <>
      <button
        type="button"
        class="button plain"
        onClick={() => {
          asks.value = true;
        }}
      >
        <Icon name="device" />
        {t('core.sign_out.everywhere')}
      </button>
      {asks.value && (
        <Dialog title={t('core.sign_out.everywhere')} close={close}>
          <p>{t('core.sign_out.everywhere_sure')}</p>
          <div role="alert">{wrong.value && <Notice kind="danger">{wrong.value}</Notice>}</div>
          <div class="row">
            <button type="button" class="button" onClick={close}>
              {t('core.cancel')}
            </button>
            <button
              type="button"
              class="button main"
              disabled={busy.value}
              onClick={() => void go()}
            >
              {t('core.sign_out.everywhere_go')}
            </button>
          </div>
        </Dialog>
      )}
    </>
  );
}
