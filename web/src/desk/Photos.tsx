import { useSignal } from '@preact/signals';
import { capture } from '../app/capture';
import type { Report, Service } from '../core/civic';
import { t } from '../text/catalogue';
import { Dialog } from '../ui/Dialog';
import { Icon } from '../ui/Icon';
import { Notice } from '../ui/Notice';
import { Photo, stageName } from '../ui/Photo';

type Props = { report: Report; service: Service | undefined; readOnly: boolean };

export function Photos({ report: r, service, readOnly }: Props) {
  const open = useSignal<string | undefined>(undefined);
  const photos = Object.entries(r.photos ?? {}).sort(([, a], [, b]) => (a.at < b.at ? -1 : 1));
  if (photos.length === 0) return null;
  const looked = open.value ? r.photos?.[open.value] : undefined;
  const publishable = service?.public === 'photos';
  const act = async (kind: 'publish' | 'hide', id: string) => {
    if (await capture(r.id, kind, { target: 'photo', id }, t('desk.saved'))) open.value = undefined;
  };
  return (
    <section class="card stack">
      <h2>{t('desk.case.photos')}</h2>
      <ul class="photos">
        {photos.map(([sha256, photo]) => (
          <li key={sha256}>
            <figure>
              <button
                type="button"
                class="photo-button"
                aria-label={t('core.photo.open', { stage: stageName(photo.stage) })}
                onClick={() => {
                  open.value = sha256;
                }}
              >
                <Photo report={r.id} sha256={sha256} photo={photo} />
              </button>
              <figcaption class="small">
                {stageName(photo.stage)}
                <span class="row soft">
                  <Icon name={photo.public ? 'web' : 'closed'} />
                  {t(photo.public ? 'desk.photo.public' : 'desk.photo.private')}
                </span>
                {publishable && !readOnly && !photo.public && photo.state === 'ready' && (
                  <button
                    type="button"
                    class="link"
                    onClick={() => {
                      open.value = sha256;
                    }}
                  >
                    {t('desk.photo.review')}
                  </button>
                )}
              </figcaption>
            </figure>
          </li>
        ))}
      </ul>
      {open.value && looked && (
        <Dialog
          wide
          title={stageName(looked.stage)}
          close={() => {
            open.value = undefined;
          }}
        >
          <Photo report={r.id} sha256={open.value} photo={looked} large />
          {looked.state === 'ready' &&
            !readOnly &&
            (!publishable ? (
              <Notice>{t('desk.photo.never')}</Notice>
            ) : looked.public ? (
              <button
                type="button"
                class="button"
                onClick={() => void act('hide', open.value as string)}
              >
                {t('desk.photo.hide')}
              </button>
            ) : (
              <>
                <Notice kind="warn">{t('desk.photo.look')}</Notice>
                <button
                  type="button"
                  class="button main"
                  onClick={() => void act('publish', open.value as string)}
                >
                  <Icon name="publish" />
                  {t('desk.photo.publish')}
                </button>
              </>
            ))}
        </Dialog>
      )}
    </section>
  );
}
