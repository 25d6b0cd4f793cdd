import { connection, counts, storeTrouble } from '../app/live';
import { type Key, t } from '../text/catalogue';
import { Icon, type IconName } from './Icon';
import { NewVersion } from './NewVersion';
import { Notice } from './Notice';

const icons: Record<string, IconName> = { live: 'wifi', connecting: 'sync', catching_up: 'sync' };

/** The connection in a word, and how much has not been sent. */
export function Connection() {
  const c = connection.value;
  const here = counts.value.here;
  return (
    <span class={`connection ${c === 'live' ? '' : 'off'}`} role="status">
      <Icon name={icons[c] ?? 'no_wifi'} />
      <span>{t(`core.connection.${c}` as Key)}</span>
      {here > 0 && <span class="connection-count">{t('core.pending', { n: here })}</span>}
    </span>
  );
}

/** What a person should know or do about it, in a sentence. */
export function ConnectionNotice() {
  const c = connection.value;
  return (
    <>
      {storeTrouble.value && (
        <Notice kind="danger">{t(`core.storage.${storeTrouble.value}`)}</Notice>
      )}
      {(c === 'outdated' || c === 'forbidden') && (
        <Notice kind="danger">{t(`core.connection.${c}_long` as Key)}</Notice>
      )}
      <NewVersion />
    </>
  );
}
