import { useSignal } from '@preact/signals';
import { newVersion, takeNewVersion } from '../app/worker';
import { t } from '../text/catalogue';
import { Notice } from './Notice';

/** A new version waits for a word, and for open forms to be finished. */
export function NewVersion() {
  const first = useSignal(false);
  if (!newVersion.value) return null;
  return (
    <Notice>
      {t(first.value ? 'core.new_version.finish' : 'core.new_version')}{' '}
      <button
        type="button"
        class="link"
        onClick={() => {
          first.value = !takeNewVersion();
        }}
      >
        {t('core.new_version.take')}
      </button>
    </Notice>
  );
}
