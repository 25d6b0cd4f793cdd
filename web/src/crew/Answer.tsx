import { capture, inWords } from '../app/capture';
import { dayAndTime } from '../app/format';
import { client, town, views } from '../app/live';
import { go } from '../app/router';
import type { Acked } from '../core/outbox';
import { maybe, t } from '../text/catalogue';
import { Notice } from '../ui/Notice';
import { editInWords, valueInWords } from './words';

/** A refusal, a conflict or a notice: yours, the office's, who and when. */
export function Answer({ item }: { item: Acked }) {
  const { edit, answer, label } = item;
  const read = () => void client.value?.read(edit.id);
  const theirs = answer.theirs;
  // People's own words are not kept with an answer: they stand in the report.
  const held = views.value.find((v) => v.report.id === edit.report)?.report;
  const value = theirs && (theirs.value ?? held?.[theirs.field as keyof typeof held]);
  const keepMine = async () => {
    const args = { ...edit.args, ...(edit.kind === 'set' ? { base: value } : {}) };
    if (await capture(edit.report, edit.kind, args, t('crew.job.kept'))) read();
  };
  const keepBoth = () => {
    read();
    go(`/crew/job/${edit.report}`);
  };
  return (
    <article class="card stack">
      <div>
        <h3>{editInWords(edit)}</h3>
        <p class="small soft">
          {[label, edit.at && dayAndTime(edit.at)].filter(Boolean).join(' · ')}
        </p>
      </div>
      <Notice kind={answer.status === 'noticed' ? 'warn' : 'danger'}>
        {maybe(`crew.queue.status.${answer.status}`)}
        {answer.status === 'refused' && `: ${inWords(answer)}`}
      </Notice>
      {theirs && (
        <p>
          {t('crew.queue.theirs', {
            value: valueInWords(theirs.field, value),
            who: town.value.users[theirs.by ?? '']?.name ?? t('core.role.operator'),
            when: theirs.at ? dayAndTime(theirs.at) : t('core.unknown'),
          })}
        </p>
      )}
      {answer.status === 'conflict' ? (
        <div class="stack-small">
          <button type="button" class="button" onClick={read}>
            {t('crew.queue.keep_theirs')}
          </button>
          <button type="button" class="button" onClick={() => void keepMine()}>
            {t('crew.queue.keep_mine')}
          </button>
          <button type="button" class="button" onClick={keepBoth}>
            {t('crew.queue.keep_both')}
          </button>
        </div>
      ) : (
        <button type="button" class="button" onClick={read}>
          {t('crew.queue.read')}
        </button>
      )}
    </article>
  );
}
