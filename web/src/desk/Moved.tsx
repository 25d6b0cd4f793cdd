import { distance } from '../app/position';
import type { Report } from '../core/civic';
import { LazyMap } from '../map/LazyMap';
import type { Pin } from '../map/MapView';
import { t } from '../text/catalogue';

/** A pin that somebody would move: where it is and where it would be. */
export function Moved({ report: r, to }: { report: Report; to: unknown }) {
  const place = to as { lon?: number; lat?: number } | null;
  if (r.lon === undefined || r.lat === undefined) return null;
  if (place?.lon === undefined || place.lat === undefined) return null;
  const pins: Pin[] = [
    { id: 'now', lon: r.lon, lat: r.lat, tone: 'quiet' },
    { id: 'new', lon: place.lon, lat: place.lat, tone: 'accent' },
  ];
  const metres = Math.round(
    distance({ lon: r.lon, lat: r.lat }, { lon: place.lon, lat: place.lat }),
  );
  return (
    <figure class="moved stack-small">
      <div class="map">
        <LazyMap pins={pins} />
      </div>
      <figcaption class="small">{t('desk.case.moved', { n: metres })}</figcaption>
    </figure>
  );
}
