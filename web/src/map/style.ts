import type { LayerSpecification, StyleSpecification } from 'maplibre-gl';
import type { Drawn } from '../basemap/source';
import { layersOf, sourceOf } from '../basemap/style';

/** What the town says of its own map: GET /api/v1/map. */
export type Ground = {
  bounds: [number, number, number, number];
  streets: string;
  attribution: string;
  /** The same in other languages than the town's own. */
  attributions?: Record<string, string>;
  schematic: boolean;
  /** The whole map, where this device keeps it: then it is drawn instead. */
  drawn?: Drawn;
};

/** The tokens of the look, so that the map follows it into the dark. */
export type Colours = Record<
  'ground' | 'sea' | 'park' | 'rail' | 'street' | 'casing' | 'words',
  string
>;

export function coloursOf(element: Element): Colours {
  const css = getComputedStyle(element);
  const read = (name: string) => css.getPropertyValue(`--map-${name}`).trim();
  return {
    ground: read('ground'),
    sea: read('sea'),
    park: read('park'),
    rail: read('rail'),
    street: read('street'),
    casing: read('casing'),
    words: read('words'),
  };
}

/** Street widths in pixels by class (0 principal to 2 minor), at zooms 11 and 18. */
const width = (extra: number): LayerSpecification['paint'] => ({
  'line-width': [
    'interpolate',
    ['exponential', 1.6],
    ['zoom'],
    11,
    ['+', extra * 0.5, ['match', ['get', 'class'], 0, 1.6, 1, 0.8, 0.3]],
    18,
    ['+', extra, ['match', ['get', 'class'], 0, 26, 1, 18, 11]],
  ],
});

/** The kept map, or the town's own streets, as a style of MapLibre. */
export function styleOf(
  ground: Ground,
  origin: string,
  c: Colours,
  lang: string,
): StyleSpecification {
  const { drawn } = ground;
  if (drawn) {
    return {
      version: 8,
      sources: { map: sourceOf(drawn) },
      layers: [
        { id: 'ground', type: 'background', paint: { 'background-color': c.ground } },
        ...layersOf('map', c),
      ],
    };
  }
  const line = { 'line-cap': 'round', 'line-join': 'round' } as const;
  const from = (layer: string) => ({ source: 'streets', 'source-layer': layer });
  return {
    version: 8,
    sources: {
      streets: {
        type: 'vector',
        tiles: [origin + ground.streets],
        bounds: ground.bounds,
        maxzoom: 14,
        attribution: ground.attributions?.[lang] ?? ground.attribution,
      },
    },
    layers: [
      { id: 'ground', type: 'background', paint: { 'background-color': c.ground } },
      { id: 'sea', type: 'fill', ...from('sea'), paint: { 'fill-color': c.sea } },
      { id: 'park', type: 'fill', ...from('park'), paint: { 'fill-color': c.park } },
      {
        id: 'coast',
        type: 'line',
        ...from('coast'),
        paint: { 'line-color': c.casing, 'line-width': 1 },
      },
      {
        id: 'district',
        type: 'line',
        ...from('district'),
        paint: { 'line-color': c.rail, 'line-width': 1, 'line-dasharray': [4, 3] },
      },
      {
        id: 'rail',
        type: 'line',
        ...from('rail'),
        paint: { 'line-color': c.rail, 'line-width': 1.5 },
      },
      {
        id: 'street-casing',
        type: 'line',
        ...from('street'),
        layout: line,
        paint: { 'line-color': c.casing, ...width(2) },
      } as LayerSpecification,
      {
        id: 'street',
        type: 'line',
        ...from('street'),
        layout: line,
        paint: { 'line-color': c.street, ...width(0) },
      } as LayerSpecification,
      {
        id: 'street-name',
        type: 'symbol',
        ...from('street'),
        minzoom: 12,
        // Principal streets are named from afar, so that people find themselves.
        filter: ['any', ['==', ['get', 'class'], 0], ['>=', ['zoom'], 14]],
        layout: {
          'symbol-placement': 'line',
          'text-field': ['get', 'name'],
          'text-font': ['Titillium Web', 'sans-serif'],
          'text-size': ['interpolate', ['linear'], ['zoom'], 12, 11, 18, 15],
          'text-max-angle': 35,
        },
        paint: { 'text-color': c.words, 'text-halo-color': c.street, 'text-halo-width': 1.5 },
      },
      {
        id: 'district-name',
        type: 'symbol',
        ...from('district'),
        maxzoom: 12,
        layout: {
          'text-field': ['get', 'name'],
          'text-font': ['Titillium Web', 'sans-serif'],
          'text-size': 12,
          'text-letter-spacing': 0.06,
          'text-max-width': 7,
        },
        paint: { 'text-color': c.words, 'text-halo-color': c.ground, 'text-halo-width': 1.5 },
      },
    ],
  };
}
