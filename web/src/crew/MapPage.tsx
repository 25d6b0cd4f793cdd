import { useComputed, useSignal } from '@preact/signals';
import { views } from '../app/live';
import { here, locate } from '../app/position';
import { follow } from '../app/router';
import { LazyMap } from '../map/LazyMap';
import type { Pin } from '../map/MapView';
import { t } from '../text/catalogue';
import { Icon } from '../ui/Icon';
import { JobCard } from './JobCard';
import { sectionOf } from './jobs';

export function MapPage() {
  const selected = useSignal<readonly string[]>([]);
  const pins = useComputed<Pin[]>(() =>
    views.value.flatMap(({ report: r }) =>
      r.lon === undefined || r.lat === undefined || sectionOf(r) === 'done'
        ? []
        : [
            {
              id: r.id,
              lon: r.lon,
              lat: r.lat,
              tone:
                r.hazard || r.priority === 'urgent'
                  ? 'danger'
                  : sectionOf(r) === 'later'
                    ? 'quiet'
                    : 'accent',
            },
          ],
    ),
  );
  const chosen = views.value.filter((v) => selected.value.includes(v.report.id));
  return (
    <div class="map-page">
      <h1>{t('crew.map.title')}</h1>
      <p class="soft row">
        {t('crew.map.hint', { n: pins.value.length })}
        <a class="push" href="/crew" onClick={follow}>
          {t('crew.map.list')}
        </a>
      </p>
      <ul class="legend row" aria-label={t('crew.map.legend')}>
        {(['accent', 'danger', 'quiet'] as const).map((tone) => (
          <li class="row" key={tone}>
            <span class={`dot ${tone}`} aria-hidden="true" />
            {t(`crew.map.legend.${tone}`)}
          </li>
        ))}
      </ul>
      <div class="map">
        <LazyMap
          pins={pins.value}
          selected={selected.value}
          select={(ids) => {
            selected.value = ids;
          }}
          here={here.value}
        />
        <button
          type="button"
          class="button main map-here"
          onClick={locate}
          aria-label={t('core.map.locate')}
        >
          <Icon name="here" />
        </button>
      </div>
      <div aria-live="polite">
        {chosen.length > 1 && <p class="strong">{t('crew.map.several', { n: chosen.length })}</p>}
        <ul class="stack">
          {chosen.map((view) => (
            <JobCard key={view.report.id} view={view} />
          ))}
        </ul>
      </div>
    </div>
  );
}
