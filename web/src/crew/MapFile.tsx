import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { day, megabytes } from '../app/format';
import {
  cancel,
  fetchMap,
  forgetMap,
  here,
  look,
  offered,
  pause,
  type State,
  state,
} from '../basemap/offline';
import { LazyMap } from '../map/LazyMap';
import { type Key, t } from '../text/catalogue';
import { Icon } from '../ui/Icon';
import { Notice } from '../ui/Notice';

/** The town's whole map on this phone: fetched once, with a progress that can be
 * stopped and goes on later. The old map stays until the new one is whole. */
export function MapFile() {
  const shows = useSignal(false);
  useEffect(() => void look(), []);
  const s = state.value;
  const k = here.value;
  const bytes = offered.value?.bytes ?? 0;
  return (
    <section class="card stack">
      <h2>{t('crew.mapfile.title')}</h2>
      {k && (
        <p class="row">
          <span class="chip good">
            <Icon name="resolved" />
            {t('crew.mapfile.here', { mb: megabytes(k.bytes), day: day(k.at) })}
          </span>
        </p>
      )}
      {s.is === 'none' && <p>{t('crew.mapfile.none')}</p>}
      {s.is === 'idle' && !offered.value && <p>{t('crew.mapfile.no_network')}</p>}
      {s.is === 'idle' && s.trouble && (
        <Notice kind="danger">{troubleInWords(s, bytes, k !== undefined)}</Notice>
      )}
      {s.is === 'idle' && offered.value && (
        <>
          <p>{t(k ? 'crew.mapfile.newer' : 'crew.mapfile.why')}</p>
          <button type="button" class="button main wide big" onClick={() => void fetchMap()}>
            <Icon name="down" />
            {s.had > 0
              ? t('crew.mapfile.resume', { had: megabytes(s.had), mb: megabytes(bytes) })
              : t('crew.mapfile.get', { mb: megabytes(bytes) })}
          </button>
        </>
      )}
      {s.is === 'fetching' && <Progress had={s.had} bytes={bytes} />}
      {k && s.is !== 'fetching' && (
        <div class="pair">
          <button
            type="button"
            class="button"
            aria-expanded={shows.value}
            onClick={() => {
              shows.value = !shows.value;
            }}
          >
            <Icon name="map" />
            {t(shows.value ? 'crew.mapfile.hide' : 'crew.mapfile.show')}
          </button>
          <button type="button" class="button" onClick={() => void forgetMap()}>
            <Icon name="close" />
            {t('crew.mapfile.forget')}
          </button>
        </div>
      )}
      {k && shows.value && (
        <div class="map map-kept">
          <LazyMap key={k.sha256} keptOnly pins={[]} />
        </div>
      )}
    </section>
  );
}

function Progress({ had, bytes }: { had: number; bytes: number }) {
  const words = t('crew.mapfile.progress', { had: megabytes(had), mb: megabytes(bytes) });
  return (
    <>
      <div class="stack-small">
        <label class="strong" for="map-progress">
          {words}
        </label>
        <progress id="map-progress" class="progress" max={bytes} value={had}>
          {words}
        </progress>
        <p class="soft">{t('crew.mapfile.meanwhile')}</p>
      </div>
      <div class="pair">
        <button type="button" class="button" onClick={pause}>
          <Icon name="pause" />
          {t('crew.mapfile.pause')}
        </button>
        <button type="button" class="button" onClick={() => void cancel()}>
          <Icon name="close" />
          {t('core.cancel')}
        </button>
      </div>
    </>
  );
}

function troubleInWords(s: State & { is: 'idle' }, bytes: number, old: boolean): string {
  const room = s.trouble === 'full' || s.trouble === 'room';
  const what = room
    ? t(s.free === undefined ? 'crew.mapfile.trouble.full' : 'crew.mapfile.trouble.room', {
        mb: megabytes(bytes - s.had),
        free: megabytes(s.free ?? 0),
      })
    : t(`crew.mapfile.trouble.${s.trouble}` as Key);
  return [what, old && t('crew.mapfile.old_stays')].filter(Boolean).join(' ');
}
