import '../oldest/fill';
import 'maplibre-gl/dist/maplibre-gl.css';
import workerUrl from 'virtual:map-worker';
import {
  addProtocol,
  type GeoJSONSource,
  Map as MapLibre,
  NavigationControl,
  setWorkerUrl,
} from 'maplibre-gl';
import { Protocol } from 'pmtiles';
import { useEffect, useRef } from 'preact/hooks';
import { scheme } from '../basemap/style';
import { lang, t } from '../text/catalogue';
import { coloursOf, type Ground, styleOf } from './style';

setWorkerUrl(workerUrl);
/** Answers MapLibre's requests for tiles of a map that this device keeps. */
const files = new Protocol();
addProtocol(scheme, files.tile);

export type Pin = {
  id: string;
  lon: number;
  lat: number;
  tone: 'accent' | 'danger' | 'good' | 'quiet';
};

type Props = {
  ground: Ground;
  pins: readonly Pin[];
  selected?: readonly string[] | undefined;
  /** Told every pin that a click hits, each once: several may lie on one spot. */
  select?: (ids: string[]) => void;
  here?: { lon: number; lat: number } | undefined;
  /** Where the map looks, when somebody chooses a place by moving it; moved tells
   * each place that comes to stand at the centre. */
  centre?: { lon: number; lat: number } | undefined;
  moved?: (centre: { lon: number; lat: number }) => void;
  failed: () => void;
};

const tones = ['accent', 'danger', 'good', 'quiet'] as const;
const tokens = { accent: '--accent', danger: '--danger', good: '--good', quiet: '--ink-soft' };
/** A finger is broader than a pin: what is within this many pixels is touched. */
const reach = 22;

/** A map of the town's own streets with pins. A list beside it holds the same. */
export function MapView(props: Props) {
  const { ground, pins, selected, select, here, centre, moved, failed } = props;
  const box = useRef<HTMLDivElement>(null);
  const map = useRef<MapLibre | undefined>(undefined);
  const latest = useRef({ pins, selected, here, select, centre, moved });
  latest.current = { pins, selected, here, select, centre, moved };

  useEffect(() => {
    const container = box.current;
    if (!container) return;
    let m: MapLibre;
    if (ground.drawn) files.add(ground.drawn.tiles);
    try {
      m = new MapLibre({
        container,
        style: styleOf(ground, location.origin, coloursOf(container), lang.value),
        ...view(ground, latest.current.pins, latest.current.centre),
        attributionControl: { compact: true },
        dragRotate: false,
        pitchWithRotate: false,
        locale: {
          'NavigationControl.ZoomIn': t('core.map.zoom_in'),
          'NavigationControl.ZoomOut': t('core.map.zoom_out'),
          'Map.Title': t('core.map.label'),
        },
      });
    } catch {
      failed();
      return;
    }
    map.current = m;
    m.touchZoomRotate.disableRotation();
    m.addControl(new NavigationControl({ showCompass: false }), 'top-right');
    m.on('load', () => {
      addPins(m, container);
      draw(m, latest.current);
    });
    m.on('moveend', () => {
      const { lng, lat } = m.getCenter();
      latest.current.moved?.({ lon: lng, lat });
    });
    m.on('click', (e) => {
      const { x, y } = e.point;
      const near = m.queryRenderedFeatures(
        [
          [x - reach, y - reach],
          [x + reach, y + reach],
        ],
        { layers: m.getLayer('pins') ? ['pins'] : [] },
      );
      const ids = [...new Set(near.map((f) => f.properties.id as string))];
      if (ids.length > 0) latest.current.select?.(ids);
    });
    const dark = matchMedia('(prefers-color-scheme: dark)');
    const restyle = () => {
      m.setStyle(styleOf(ground, location.origin, coloursOf(container), lang.value), {
        diff: false,
      });
      m.once('styledata', () => {
        addPins(m, container);
        draw(m, latest.current);
      });
    };
    dark.addEventListener('change', restyle);
    return () => {
      dark.removeEventListener('change', restyle);
      m.remove();
      map.current = undefined;
    };
  }, [ground, failed]);

  useEffect(() => {
    const m = map.current;
    if (m?.getSource('pins')) draw(m, { pins, selected, here });
  }, [pins, selected, here]);

  useEffect(() => {
    if (centre) map.current?.jumpTo({ center: [centre.lon, centre.lat], zoom: 17 });
  }, [centre]);

  return <div ref={box} class="map-canvas" />;
}

/** All pins with room around them; one pin at the scale of its street; else the
 * whole town. */
function view(ground: Ground, pins: readonly Pin[], centre?: { lon: number; lat: number }) {
  if (centre) return { center: [centre.lon, centre.lat] as [number, number], zoom: 17 };
  const first = pins[0];
  if (!first) return { bounds: ground.bounds };
  if (pins.length === 1) return { center: [first.lon, first.lat] as [number, number], zoom: 16 };
  const lons = pins.map((p) => p.lon);
  const lats = pins.map((p) => p.lat);
  return {
    bounds: [Math.min(...lons), Math.min(...lats), Math.max(...lons), Math.max(...lats)] as [
      number,
      number,
      number,
      number,
    ],
    fitBoundsOptions: { padding: 48, maxZoom: 16 },
  };
}

function addPins(m: MapLibre, container: Element) {
  if (m.getSource('pins')) return;
  const css = getComputedStyle(container);
  const read = (token: string) => css.getPropertyValue(token).trim();
  const empty = { type: 'FeatureCollection' as const, features: [] };
  m.addSource('pins', { type: 'geojson', data: empty });
  m.addSource('here', { type: 'geojson', data: empty });
  m.addLayer({
    id: 'here',
    type: 'circle',
    source: 'here',
    paint: {
      'circle-radius': 8,
      'circle-color': read('--accent'),
      'circle-opacity': 0.25,
      'circle-stroke-color': read('--accent'),
      'circle-stroke-width': 3,
    },
  });
  m.addLayer({
    id: 'pins',
    type: 'circle',
    source: 'pins',
    paint: {
      'circle-radius': ['case', ['get', 'selected'], 15, 10],
      'circle-color': [
        'match',
        ['get', 'tone'],
        ...tones.slice(1).flatMap((tone) => [tone, read(tokens[tone])]),
        read(tokens.accent),
      ] as never,
      'circle-stroke-color': read('--paper'),
      'circle-stroke-width': 3,
    },
  });
}

function draw(m: MapLibre, { pins, selected, here }: Pick<Props, 'pins' | 'selected' | 'here'>) {
  const point = (lon: number, lat: number, properties: Record<string, unknown>) => ({
    type: 'Feature' as const,
    geometry: { type: 'Point' as const, coordinates: [lon, lat] },
    properties,
  });
  m.getSource<GeoJSONSource>('pins')?.setData({
    type: 'FeatureCollection',
    features: pins.map((p) =>
      point(p.lon, p.lat, { id: p.id, tone: p.tone, selected: selected?.includes(p.id) ?? false }),
    ),
  });
  m.getSource<GeoJSONSource>('here')?.setData({
    type: 'FeatureCollection',
    features: here ? [point(here.lon, here.lat, {})] : [],
  });
}
