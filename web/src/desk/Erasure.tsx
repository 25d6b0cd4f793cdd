import { useSignal } from '@preact/signals';
import { capture } from '../app/capture';
import { now } from '../app/clock';
import { day } from '../app/format';
import { grant } from '../app/here';
import type { Report } from '../core/civic';
import { t } from '../text/catalogue';
import { Icon } from '../ui/Icon';
import { daysLeft } from './queues';
import { Sure } from './Sure';

/** How long the office has to answer a wish to be forgotten: colour, icon, words. */
export function ErasureChip({ report: r }: { report: Report }) {
  if (!r.erase_by) return null;
  const left = daysLeft(r.erase_by, now.value);
  return (
    <span class={`chip ${left < 0 ? 'danger' : left < 7 ? 'warn' : 'quiet'}`}>
      <Icon name={left < 0 ? 'warning' : 'clock'} />
      {left < 0
        ? t('desk.erasure.over', { n: -left })
        : left === 0
          ? t('desk.erasure.today')
          : t('desk.erasure.left', { n: left })}
    </span>
  );
}

/** The wish to be forgotten, with what the office can do about it. */
export function Erasure({ report: r, readOnly }: { report: Report; readOnly: boolean }) {
  const sure = useSignal(false);
  if (!r.erase_by) return null;
  return (
    <div class="notice warn" data-erasure>
      <Icon name="warning" />
      <div class="stack-small">
        <p class="strong">{t('desk.erasure.title')}</p>
        <p class="row">
          {t('desk.erasure.by', { day: day(r.erase_by) })}
          <ErasureChip report={r} />
        </p>
        <p>{t('desk.erasure.how')}</p>
        {!readOnly && (
          <div class="row">
            <button
              type="button"
              class="button"
              onClick={() => void capture(r.id, 'erasure', { what: 'answered' }, t('desk.saved'))}
            >
              {t('desk.erasure.answered')}
            </button>
            {grant.value?.user.role === 'admin' && (
              <button
                type="button"
                class="button"
                onClick={() => {
                  sure.value = true;
                }}
              >
                {t('desk.erasure.purge')}
              </button>
            )}
          </div>
        )}
      </div>
      {sure.value && (
        <Sure
          title={t('desk.erasure.purge')}
          words={t('desk.erasure.purge_sure')}
          act={() => capture(r.id, 'purge', {}, t('desk.saved'))}
          close={() => {
            sure.value = false;
          }}
        />
      )}
    </div>
  );
}
