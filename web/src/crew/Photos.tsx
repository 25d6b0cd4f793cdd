import { inOrder, isDocument, type Report } from '../core/civic';
import { t } from '../text/catalogue';
import { Document } from '../ui/Document';
import { Photo, stageName } from '../ui/Photo';
import { Camera } from './Camera';
import { Paper } from './Paper';

export function Photos({ report, readOnly }: { report: Report; readOnly: boolean }) {
  const all = inOrder(report.photos);
  const photos = all.filter(([, p]) => !isDocument(p));
  const documents = all.filter(([, p]) => isDocument(p));
  return (
    <section class="card stack">
      <h2>{t('crew.job.photos')}</h2>
      {photos.length === 0 && <p class="soft">{t('crew.job.photos_empty')}</p>}
      {photos.length > 0 && (
        <ul class="photos">
          {photos.map(([sha256, photo]) => (
            <li key={sha256}>
              <figure>
                <Photo report={report.id} sha256={sha256} photo={photo} />
                <figcaption class="small soft">{stageName(photo.stage)}</figcaption>
              </figure>
            </li>
          ))}
        </ul>
      )}
      {documents.map(([sha256, photo], i) => (
        <p key={sha256}>
          <Document report={report.id} sha256={sha256} photo={photo} n={i + 1} />
        </p>
      ))}
      {!readOnly && (
        <div class="pair">
          <Camera report={report.id} stage="before">
            {t('crew.job.photo_before')}
          </Camera>
          <Camera report={report.id} stage="after">
            {t('crew.job.photo_after')}
          </Camera>
          <Paper report={report.id} />
        </div>
      )}
    </section>
  );
}
