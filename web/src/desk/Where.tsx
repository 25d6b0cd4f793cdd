import { useSignal } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import { town } from '../app/live';
import type { Report } from '../core/civic';
import { LazyMap } from '../map/LazyMap';
import type { Pin } from '../map/MapView';
import { t } from '../text/catalogue';
import { Icon } from '../ui/Icon';
import { Place } from './Place';
import { Shots } from './Shots';

/** Where it is, and for the office how to put it there. */
export function Where({ report: r, readOnly }: { report: Report; readOnly: boolean }) {
  const placing = useSignal(false);
  const { id, lon, lat } = r;
  const pins = useMemo<Pin[]>(
    () => (lon === undefined || lat === undefined ? [] : [{ id, lon, lat, tone: 'accent' }]),
    [id, lon, lat],
  );
  const only = useMemo(() => [id], [id]);
  const area = town.value.areas[r.area ?? '']?.name;
  return (
    <section class="card stack-small">
      <h2>{t('desk.case.where')}</h2>
      <p class="strong">
        {r.address || t(r.lon === undefined ? 'core.unknown' : 'core.only_point')}
      </p>
      {area && <p class="soft">{area}</p>}
      {pins.length > 0 && !placing.value ? (
        <div class="map">
          <LazyMap pins={pins} selected={only} />
        </div>
      ) : (
        !placing.value && (
          <>
            <p class="soft">{t('desk.case.no_place')}</p>
            {!readOnly && <Shots report={r} />}
          </>
        )
      )}
      {!readOnly &&
        (placing.value ? (
          <Place
            report={r}
            done={() => {
              placing.value = false;
            }}
          />
        ) : (
          <button
            class={pins.length > 0 ? 'button plain' : 'button main'}
            type="button"
            onClick={() => {
              placing.value = true;
            }}
          >
            <Icon name="map" />
            {t(pins.length > 0 ? 'desk.place.move' : 'desk.place.put')}
          </button>
        ))}
    </section>
  );
}
