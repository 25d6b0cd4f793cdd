import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { capturePhoto, say } from '../app/capture';
import { shrink } from '../app/shrink';
import type { Stage } from '../core/civic';
import { t } from '../text/catalogue';
import { Icon } from '../ui/Icon';

type Props = { report: string; stage: Stage; main?: boolean; children: ComponentChildren };

/** A button that opens the phone's own camera and keeps what it gives. */
export function Camera({ report, stage, main = false, children }: Props) {
  const busy = useSignal(false);
  const take = async (input: HTMLInputElement) => {
    const file = input.files?.[0];
    input.value = '';
    if (!file) return;
    busy.value = true;
    try {
      if (await capturePhoto(report, await shrink(file), stage)) say(t('crew.job.kept'));
    } catch {
      say(t('core.refused.photo'), false);
    }
    busy.value = false;
  };
  return (
    <label class={`button camera ${main ? 'main wide big' : ''}`}>
      <Icon name="camera" />
      {busy.value ? t('crew.job.photo_busy') : children}
      <input
        class="unseen"
        type="file"
        accept="image/*"
        capture="environment"
        disabled={busy.value}
        onChange={(e) => void take(e.currentTarget)}
      />
    </label>
  );
}
