import { useSignal } from '@preact/signals';
import { capture } from '../app/capture';
import type { Report } from '../core/civic';
import { hasAfterPhoto } from '../core/rules/transition';
import { t } from '../text/catalogue';
import { Dialog } from '../ui/Dialog';
import { Notice } from '../ui/Notice';
import { Camera } from './Camera';

/** Finished work is shown or said: a photo, or a few words. */
export function Finish({ report, close }: { report: Report; close: () => void }) {
  const reason = useSignal('');
  const proven = hasAfterPhoto(report);
  const done = async (e: SubmitEvent) => {
    e.preventDefault();
    const words = reason.value.trim();
    const args = { from: report.status, to: 'resolved', ...(words ? { reason: words } : {}) };
    if (!(await capture(report.id, 'transition', args, t('crew.finish.done')))) return;
    close();
    // Where it says that it is done.
    scrollTo(0, 0);
  };
  return (
    <Dialog title={t('crew.finish.title')} close={close}>
      <form class="stack" onSubmit={done}>
        {proven ? (
          <Notice kind="good">{t('crew.finish.has_photo')}</Notice>
        ) : (
          <>
            <p>{t('crew.finish.lead')}</p>
            <Camera report={report.id} stage="after" main>
              {t('crew.finish.take')}
            </Camera>
          </>
        )}
        <div class="field">
          <label for="reason">{t(proven ? 'crew.finish.reason' : 'crew.finish.or')}</label>
          <textarea
            id="reason"
            class="input"
            maxLength={1000}
            value={reason.value}
            onInput={(e) => {
              reason.value = e.currentTarget.value;
            }}
          />
        </div>
        <button
          class="button main wide big"
          type="submit"
          disabled={!proven && !reason.value.trim()}
        >
          {t('crew.finish.go')}
        </button>
      </form>
    </Dialog>
  );
}
