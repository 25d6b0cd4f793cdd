import { capturePhoto, say } from '../app/capture';
import { whole } from '../app/shrink';
import { t } from '../text/catalogue';
import { Icon } from '../ui/Icon';

/** A button that takes a document from the phone: a delivery note, a form. It
 * goes with the work done, and only colleagues see it. */
export function Paper({ report }: { report: string }) {
  const take = async (input: HTMLInputElement) => {
    const file = input.files?.[0];
    input.value = '';
    if (!file) return;
    try {
      if (await capturePhoto(report, await whole(file), 'after')) say(t('crew.job.document_kept'));
    } catch {
      say(t('crew.job.document_bad'), false);
    }
  };
  return (
    <label class="button camera">
      <Icon name="note" />
      {t('crew.job.document')}
      <input
        class="unseen"
        type="file"
        accept="application/pdf"
        onChange={(e) => void take(e.currentTarget)}
      />
    </label>
  );
}
