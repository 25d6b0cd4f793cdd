import { useSignal } from '@preact/signals';
import type { ComponentProps } from 'preact';
import { useCallback, useEffect } from 'preact/hooks';
import { t } from '../text/catalogue';
import type { MapView } from './MapView';
import type { Ground } from './style';

type View = typeof MapView;
type Props = Omit<ComponentProps<View>, 'ground' | 'failed'>;

let ground: Promise<Ground> | undefined;

const fetchGround = () => {
  ground ??= fetch('/api/v1/map').then((r) => {
    if (!r.ok) throw new Error(`map: status ${r.status}`);
    return r.json() as Promise<Ground>;
  });
  ground.catch(() => {
    ground = undefined;
  });
  return ground;
};

const hasWebGL2 = () => document.createElement('canvas').getContext('webgl2') !== null;

/** Brings the map when it is wanted; without WebGL or network, words. */
export function LazyMap(props: Props) {
  const view = useSignal<{ View: View; ground: Ground } | undefined>(undefined);
  const failed = useSignal(false);
  const fail = useCallback(() => {
    failed.value = true;
  }, [failed]);
  useEffect(() => {
    if (!hasWebGL2()) return fail();
    let gone = false;
    Promise.all([import('./MapView'), fetchGround()])
      .then(([m, g]) => {
        if (!gone) view.value = { View: m.MapView, ground: g };
      })
      .catch(fail);
    return () => {
      gone = true;
    };
  }, [view, fail]);
  if (failed.value) return <p class="map-words">{t('core.map.failed')}</p>;
  if (!view.value) return <p class="map-words">{t('core.map.loading')}</p>;
  const { View, ground: g } = view.value;
  return <View {...props} ground={g} failed={fail} />;
}
