import { changes, client } from '../app/live';
import { follow } from '../app/router';
import { maybe, t } from '../text/catalogue';
import { Notice } from '../ui/Notice';
import { stageName } from '../ui/Photo';
import { editInWords } from './words';

/** A job that is no longer this team's, and what becomes of the work done on it. */
export function Ghost({ report, why }: { report: string; why: string }) {
  changes.value;
  const c = client.value;
  const edits = c?.outbox.filter((i) => i.edit.report === report) ?? [];
  const pictures = c?.waitingPictures.filter((p) => p.report === report) ?? [];
  const mine = [
    ...edits.map((i) => editInWords(i.edit)),
    ...pictures.map((p) => stageName(p.stage)),
  ];
  return (
    <Notice kind="warn">
      <div class="stack-small">
        <p class="strong">{maybe(`crew.job.left.${why}`) ?? t('crew.job.left.other')}</p>
        {mine.length > 0 && (
          <>
            <p>{t('crew.job.left.yours', { n: mine.length })}</p>
            <ul class="dots">
              {mine.slice(0, 6).map((m, i) => (
                <li key={`${i}${m}`}>{m}</li>
              ))}
              {mine.length > 6 && <li>{t('crew.job.left.more', { n: mine.length - 6 })}</li>}
            </ul>
          </>
        )}
        <p>
          {t('crew.job.left.then')}{' '}
          <a class="link" href="/crew/queue" onClick={follow}>
            {t('crew.nav.queue')}
          </a>
        </p>
      </div>
    </Notice>
  );
}
