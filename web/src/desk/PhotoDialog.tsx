import { useSignal } from '@preact/signals';
import { capture } from '../app/capture';
import type { Box, Photo as Data } from '../core/civic';
import { t } from '../text/catalogue';
import { Dialog } from '../ui/Dialog';
import { Icon } from '../ui/Icon';
import { Notice } from '../ui/Notice';
import { Photo, stageName } from '../ui/Photo';
import { same } from './boxes';
import { Cover } from './Cover';

type Props = {
  report: string;
  sha256: string;
  photo: Data;
  publishable: boolean;
  readOnly: boolean;
  close: () => void;
};

/** One photo, large: what of it the public may see is decided here. */
export function PhotoDialog({ report, sha256, photo, publishable, readOnly, close }: Props) {
  const boxes = useSignal<Box[]>(photo.boxes ?? []);
  const kept = useSignal<Box[]>(photo.boxes ?? []);
  const drawn = !same(boxes.value, kept.value);
  const target = { target: 'photo', id: sha256 };
  const save = async () => {
    const wanted = boxes.value;
    const ok = await capture(report, 'redact', { ...target, boxes: wanted }, t('desk.cover.saved'));
    if (ok) kept.value = wanted;
    return ok;
  };
  const act = async (kind: 'publish' | 'hide') => {
    if (kind === 'publish' && drawn && !(await save())) return;
    if (await capture(report, kind, target, t('desk.saved'))) close();
  };
  const decides = photo.state === 'ready' && !readOnly && publishable;
  return (
    <Dialog wide title={stageName(photo.stage)} close={close}>
      {decides ? (
        <Cover report={report} sha256={sha256} photo={photo} boxes={boxes} />
      ) : (
        <Photo report={report} sha256={sha256} photo={photo} large />
      )}
      {photo.state === 'ready' && !readOnly && !publishable && (
        <Notice>{t('desk.photo.never')}</Notice>
      )}
      {decides && (
        <>
          {!photo.public && <Notice kind="warn">{t('desk.photo.look')}</Notice>}
          {photo.public && drawn && <Notice kind="warn">{t('desk.cover.again')}</Notice>}
          <div class="row">
            {photo.public ? (
              <button type="button" class="button" onClick={() => void act('hide')}>
                {t('desk.photo.hide')}
              </button>
            ) : (
              <button type="button" class="button main" onClick={() => void act('publish')}>
                <Icon name="publish" />
                {t(boxes.value.length ? 'desk.cover.publish' : 'desk.photo.publish')}
              </button>
            )}
            <button
              type="button"
              class={`button ${photo.public ? 'main' : ''}`}
              disabled={!drawn}
              onClick={() => void save()}
            >
              {t('desk.cover.save')}
            </button>
          </div>
        </>
      )}
    </Dialog>
  );
}
