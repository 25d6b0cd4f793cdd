import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { client } from '../app/live';
import type { Photo as Data } from '../core/civic';
import { type Key, t } from '../text/catalogue';

export const stageName = (stage: string): string => t(`core.photo.stage.${stage}` as Key);

type Props = { report: string; sha256: string; photo: Data; large?: boolean };

/** A picture of a case: from this device while it is here, else from the town. */
export function Photo({ report, sha256, photo, large = false }: Props) {
  const local = useSignal<string | undefined>(undefined);
  const failed = useSignal<string | undefined>(undefined);
  useEffect(() => {
    let url: string | undefined;
    let gone = false;
    void client.value?.picture(sha256).then((blob) => {
      if (!blob || gone) return;
      url = URL.createObjectURL(blob);
      local.value = url;
    });
    return () => {
      gone = true;
      if (url) URL.revokeObjectURL(url);
    };
  }, [sha256, local]);
  const stage = stageName(photo.stage);
  // What waits may have sent a small picture ahead.
  const file = photo.state === 'waiting' ? 'preview' : large ? 1280 : 320;
  const remote =
    photo.state === 'rejected' ? undefined : `/media/reports/${report}/${sha256}/${file}.jpg`;
  const src = local.value ?? (failed.value === remote ? undefined : remote);
  if (src) {
    return (
      <img
        class="photo"
        src={src}
        alt={t('core.photo.alt', { stage })}
        loading={large ? 'eager' : 'lazy'}
        decoding="async"
        onError={() => {
          failed.value = remote;
        }}
      />
    );
  }
  return (
    <span class="photo photo-none">
      {t(
        photo.state === 'rejected'
          ? 'core.photo.rejected'
          : photo.state === 'waiting'
            ? 'core.photo.waiting'
            : 'core.photo.unreachable',
      )}
    </span>
  );
}
