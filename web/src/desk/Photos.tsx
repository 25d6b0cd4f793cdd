import { useSignal } from '@preact/signals';
import { type Photo as Data, inOrder, isDocument, type Report, type Service } from '../core/civic';
import { maybe, t } from '../text/catalogue';
import { Document } from '../ui/Document';
import { Icon } from '../ui/Icon';
import { Photo, stageName } from '../ui/Photo';
import { PhotoDialog } from './PhotoDialog';

type Props = { report: Report; service: Service | undefined; readOnly: boolean };

export function Photos({ report: r, service, readOnly }: Props) {
  const open = useSignal<string | undefined>(undefined);
  const all = inOrder(r.photos);
  if (all.length === 0) return null;
  const documents = all.filter(([, p]) => isDocument(p));
  const looked = open.value ? r.photos?.[open.value] : undefined;
  const publishable = service?.public === 'photos';
  return (
    <section class="card stack">
      <h2>{t('desk.case.photos')}</h2>
      <ul class="photos">
        {all
          .filter(([, p]) => !isDocument(p))
          .map(([sha256, photo]) => (
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
                <Caption photo={photo}>
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
                </Caption>
              </figure>
            </li>
          ))}
      </ul>
      {documents.length > 0 && (
        <ul class="stack-small">
          {documents.map(([sha256, photo], i) => (
            <li key={sha256}>
              <Document report={r.id} sha256={sha256} photo={photo} n={i + 1} />
            </li>
          ))}
        </ul>
      )}
      {open.value && looked && (
        <PhotoDialog
          key={open.value}
          report={r.id}
          sha256={open.value}
          photo={looked}
          publishable={publishable}
          readOnly={readOnly}
          close={() => {
            open.value = undefined;
          }}
        />
      )}
    </section>
  );
}

function Caption({ photo, children }: { photo: Data; children: preact.ComponentChildren }) {
  const covered = photo.boxes?.length ?? 0;
  return (
    <figcaption class="small">
      {stageName(photo.stage)}
      <span class="row soft">
        <Icon name={photo.public ? 'web' : 'closed'} />
        {t(photo.public ? 'desk.photo.public' : 'desk.photo.private')}
      </span>
      {covered > 0 && <span class="soft">{t('desk.cover.count', { n: covered })}</span>}
      {photo.state === 'rejected' && photo.code && (
        <span class="soft">{maybe(`error.${photo.code}`, {})}</span>
      )}
      {children}
    </figcaption>
  );
}
