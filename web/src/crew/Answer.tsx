import { capture, inWords } from '../app/capture';
import { dayAndTime } from '../app/format';
import { client, town, viewOf } from '../app/live';
import { go } from '../app/router';
import type { Acked } from '../core/outbox';
import { maybe, t } from '../text/catalogue';
import { Icon, type IconName } from '../ui/Icon';
import { Notice } from '../ui/Notice';
import { type Choice, choices, type Sides } from './choices';
import { editInWords, mineInWords, spokenLabel, valueInWords } from './words';

const icons: Record<Choice['keeps'], IconName> = { mine: 'staff', theirs: 'counter', both: 'note' };

/** A refusal, a conflict or a notice: yours, the office's, who and when. */
export function Answer({ item }: { item: Acked }) {
  const { edit, answer, label } = item;
  const read = () => void client.value?.read(edit.id);
  const held = viewOf(edit.report);
  const theirs = answer.theirs;
  // People's own words are not kept with an answer: they stand in the report.
  const value = theirs && (theirs.value ?? held?.report[theirs.field as keyof typeof held.report]);
  const sides: Sides | undefined = theirs && {
    mine: mineInWords(edit),
    theirs: valueInWords(theirs.field, value),
    who: town.value.users[theirs.by ?? '']?.name ?? t('core.role.operator'),
    when: theirs.at ? dayAndTime(theirs.at) : t('core.unknown'),
  };
  const actor = client.value?.actor;
  const offers = sides && actor ? choices(item, held, actor.role, value, sides) : [];
  // Said once where it is the same for all of them.
  const does = new Set(offers.map((c) => c.does));
  const take = async ({ kind, args }: Choice) => {
    if (await capture(edit.report, kind, args, t('crew.job.kept'))) read();
  };
  return (
    <article class="card stack">
      <div>
        <h3>{editInWords(edit)}</h3>
        <p class="small soft">
          {[spokenLabel(label), edit.at && dayAndTime(edit.at)].filter(Boolean).join(' · ')}
        </p>
      </div>
      <Notice kind={answer.status === 'noticed' ? 'warn' : 'danger'}>
        {maybe(`crew.queue.status.${answer.status}`)}
        {answer.status === 'refused' && `: ${inWords(answer)}`}
      </Notice>
      {sides && (
        <dl class="sides">
          <div>
            <dt>{t('crew.queue.yours')}</dt>
            <dd>{sides.mine}</dd>
          </div>
          <div>
            <dt>{t('crew.queue.office')}</dt>
            <dd>
              {sides.theirs}
              <span class="small soft block">
                {sides.who}, {sides.when}
              </span>
            </dd>
          </div>
        </dl>
      )}
      {answer.status === 'conflict' && offers.length === 0 && <p>{t('crew.queue.gone')}</p>}
      {answer.status === 'conflict' && does.size === 1 && offers[0] && (
        <p>{t(`crew.queue.does_all.${offers[0].does}`)}</p>
      )}
      <div class="stack-small">
        {offers.map((c) => (
          <button key={c.keeps} type="button" class="button wide" onClick={() => void take(c)}>
            <Icon name={icons[c.keeps]} />
            <span>
              {t(`crew.queue.keep_${c.keeps}`)}
              {answer.status === 'conflict' && does.size > 1 && (
                <span class="small block plain-words">{t(`crew.queue.does.${c.does}`)}</span>
              )}
            </span>
          </button>
        ))}
        {(answer.status !== 'conflict' || offers.length === 0) && (
          <button type="button" class="button wide" onClick={read}>
            {t('crew.queue.read')}
          </button>
        )}
        {held && (
          <button
            type="button"
            class="button plain wide"
            onClick={() => go(`/crew/job/${edit.report}`)}
          >
            {t('crew.map.open')}
          </button>
        )}
      </div>
    </article>
  );
}
