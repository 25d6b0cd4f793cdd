import { useMemo } from 'preact/hooks';
import { town } from '../app/live';
import type { Report } from '../core/civic';
import { LazyMap } from '../map/LazyMap';
import type { Pin } from '../map/MapView';
import { t } from '../text/catalogue';
import { Shots } from './Shots';

type Props = { report: Report; readOnly?: boolean };

export function Where({ report: r, readOnly = false }: Props) {
  const { id, lon, lat } = r;
  const pins = useMemo<Pin[]>(
    () => (lon === undefined || lat === undefined ? [] : [{ id, lon, lat, tone: 'accent' }]),
    [id, lon, lat],
  );
  const area = town.value.areas[r.area ?? '']?.name;
  return (
    <section class="card stack-small">
      <h2>{t('desk.case.where')}</h2>
      <p class="strong">{r.address || t('core.unknown')}</p>
      {area && <p class="soft">{area}</p>}
      {pins.length > 0 ? (
        <div class="map">
          <LazyMap pins={pins} selected={id} />
        </div>
      ) : (
        <>
          <p class="soft">{t('desk.case.no_place')}</p>
          {!readOnly && <Shots report={r} />}
        </>
      )}
    </section>
  );
}
