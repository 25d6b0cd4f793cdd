import { weight } from '../app/format';
import type { Photo as Data } from '../core/civic';
import { maybe, t } from '../text/catalogue';
import { Icon } from './Icon';
import { stageName } from './Photo';

type Props = { report: string; sha256: string; photo: Data; n: number };

/** A document of a case. It has no name: what a file was called at home may say
 * who somebody is. It is saved, never shown in the page. */
export function Document({ report, sha256, photo, n }: Props) {
  const size = photo.bytes ? `PDF, ${weight(photo.bytes)}` : 'PDF';
  const label = t('core.document', { n, size, stage: stageName(photo.stage) });
  if (photo.state !== 'ready') {
    const why = photo.code ? maybe(`error.${photo.code}`, {}) : undefined;
    return (
      <span class="row soft">
        <Icon name="note" />
        {label}:{' '}
        {why ?? t(photo.state === 'waiting' ? 'core.document.waiting' : 'core.document.unreadable')}
      </span>
    );
  }
  return (
    <a class="row" href={`/media/reports/${report}/${sha256}/document.pdf`} download>
      <Icon name="note" />
      {label}
    </a>
  );
}
