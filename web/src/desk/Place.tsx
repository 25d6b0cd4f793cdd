import { useSignal } from '@preact/signals';
import { useCallback, useEffect } from 'preact/hooks';
import { capture } from '../app/capture';
import type { Report } from '../core/civic';
import { LazyMap } from '../map/LazyMap';
import { t } from '../text/catalogue';
import { Icon } from '../ui/Icon';
import { ask } from './call';

type Point = { lon: number; lat: number };
type Found = Point & { label: string; street: string };

/** The street that was found by its name, unless the map was moved since: then the
 * place is only a point. */
function streetAt(to: Point, found: Found | undefined): { street?: string } {
  const still = found && Math.abs(found.lon - to.lon) < 5e-5 && Math.abs(found.lat - to.lat) < 5e-5;
  return still ? { street: found.street } : {};
}

/** Puts a case on the map: by its address, then by hand, the point at the centre. */
export function Place({ report: r, done }: { report: Report; done: () => void }) {
  const words = useSignal(r.address ?? '');
  const found = useSignal<Found[] | undefined>(undefined);
  const centre = useSignal<Point | undefined>(
    r.lon === undefined || r.lat === undefined ? undefined : { lon: r.lon, lat: r.lat },
  );
  const chosen = useSignal<Point | undefined>(centre.value);
  const moved = useCallback(
    (p: Point) => {
      chosen.value = p;
    },
    [chosen],
  );
  const search = async (text: string) => {
    if (text.trim().length < 3) return;
    const q = encodeURIComponent(text.slice(0, 200));
    found.value = await ask<{ places: Found[] }>(`/api/v1/places?q=${q}`).then(
      (a) => a.places,
      () => [], // without an answer the map still moves
    );
    const first = found.value[0];
    if (first && !centre.value) take(first);
  };
  const named = useSignal<Found | undefined>(undefined);
  const take = (p: Found) => {
    named.value = p;
    centre.value = chosen.value = { lon: p.lon, lat: p.lat };
  };
  useEffect(() => void search(words.value), []);

  const save = async () => {
    const to = chosen.value;
    if (!to) return;
    const base = r.lon === undefined ? null : { lon: r.lon, lat: r.lat };
    if (
      await capture(
        r.id,
        'set',
        { field: 'location', value: { ...to, ...streetAt(to, named.value) }, base },
        t('desk.place.saved'),
      )
    )
      done();
  };
  return (
    <div class="stack-small">
      <form
        class="field"
        onSubmit={(e) => {
          e.preventDefault();
          void search(words.value);
        }}
      >
        <label for="place-words">{t('desk.place.search')}</label>
        <div class="row">
          <input
            id="place-words"
            class="input grow"
            type="search"
            maxLength={200}
            autocomplete="off"
            value={words.value}
            onInput={(e) => {
              words.value = e.currentTarget.value;
            }}
          />
          <button class="button" type="submit">
            <Icon name="search" />
            {t('desk.place.find')}
          </button>
        </div>
      </form>
      {found.value && found.value.length === 0 && (
        <p class="soft" role="status">
          {t('desk.place.none')}
        </p>
      )}
      {found.value && found.value.length > 0 && (
        <ul class="choices" aria-label={t('desk.place.found')}>
          {found.value.slice(0, 5).map((p) => (
            <li key={`${p.label} ${p.lon}`}>
              <button class="link" type="button" onClick={() => take(p)}>
                {p.label}
              </button>
            </li>
          ))}
        </ul>
      )}
      <p class="small soft">{t('desk.place.hint')}</p>
      <div class="map aimed">
        <LazyMap pins={[]} centre={centre.value} moved={moved} />
        <svg class="aim" viewBox="0 0 24 24" aria-hidden="true">
          <path d="M12 22s7-7 7-12a7 7 0 1 0-14 0c0 5 7 12 7 12Zm0-9a3 3 0 1 0 0-6 3 3 0 0 0 0 6Z" />
        </svg>
      </div>
      <div class="row">
        <button
          class="button main"
          type="button"
          disabled={!chosen.value}
          onClick={() => void save()}
        >
          {t('desk.place.save')}
        </button>
        <button class="button plain" type="button" onClick={done}>
          {t('desk.place.cancel')}
        </button>
      </div>
    </div>
  );
}
