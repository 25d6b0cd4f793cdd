import { useSignal } from '@preact/signals';
import type { ComponentProps } from 'preact';
import { useCallback, useEffect } from 'preact/hooks';
import { fileOf, type Kept, kept } from '../basemap/kept';
import { patiently } from '../core/patience';
import { t } from '../text/catalogue';
import { canDraw } from './able';
import type { MapView } from './MapView';
import type { Ground } from './style';

type View = typeof MapView;
type Props = Omit<ComponentProps<View>, 'ground' | 'failed'> & {
  /** Shows the kept map wherever it is, and nothing of the town's. */
  keptOnly?: boolean;
};

let ground: Promise<Ground> | undefined;

const fetchGround = () => {
  // A phone that keeps a map of its own soon does without.
  ground ??= patiently(kept() ? 4000 : 30_000, async (signal) => {
    const r = await fetch('/api/v1/map', { signal });
    if (!r.ok) throw new Error(`map: status ${r.status}`);
    return (await r.json()) as Ground;
  });
  ground.catch(() => {
    ground = undefined;
  });
  return ground;
};

const ofKept = (k: Kept): Ground => ({
  bounds: k.bounds,
  streets: '',
  attribution: '',
  schematic: false,
});

const meet = (a: Ground['bounds'], b: Ground['bounds']) =>
  a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3];

/** What the map is drawn on: the map that this device keeps, if it is one of this
 * town, else the town's streets. */
async function groundOf(keptOnly: boolean): Promise<Ground> {
  const k = kept();
  const file = k && (await fileOf(k));
  if (!k || !file) return fetchGround();
  const town = keptOnly ? ofKept(k) : await fetchGround().catch(() => ofKept(k));
  if (!meet(town.bounds, k.bounds)) return town;
  const { draw } = await import('../basemap/source');
  return { ...town, drawn: await draw(file) };
}

/** Brings the map when it is wanted; where none can be drawn or had, words. */
export function LazyMap({ keptOnly = false, ...props }: Props) {
  const view = useSignal<{ View: View; ground: Ground } | undefined>(undefined);
  const failed = useSignal(false);
  const fail = useCallback(() => {
    failed.value = true;
  }, [failed]);
  useEffect(() => {
    if (!canDraw()) return fail();
    let gone = false;
    Promise.all([import('./MapView'), groundOf(keptOnly)])
      .then(([m, g]) => {
        if (!gone) view.value = { View: m.MapView, ground: g };
      })
      .catch(fail);
    return () => {
      gone = true;
    };
  }, [view, fail, keptOnly]);
  if (failed.value) return <p class="map-words">{t('core.map.failed')}</p>;
  if (!view.value) return <p class="map-words">{t('core.map.loading')}</p>;
  const { View, ground: g } = view.value;
  return <View {...props} ground={g} failed={fail} />;
}
