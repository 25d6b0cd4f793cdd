import type { ExpressionSpecification, LayerSpecification, SourceSpecification } from 'maplibre-gl';
import type { Colours } from '../map/style';
import type { Drawn } from './source';

/** The scheme under which MapLibre asks for tiles of a kept map. */
export const scheme = 'pmtiles';

export const sourceOf = (drawn: Drawn): SourceSpecification => ({
  type: 'vector',
  tiles: [`${scheme}://${drawn.name}/{z}/{x}/{y}`],
  maxzoom: drawn.maxZoom,
  attribution: drawn.attribution,
});

// The layers of Protomaps' basemaps, whose third version writes "pmap:kind" and
// whose fourth writes "kind".
const kind: ExpressionSpecification = [
  'coalesce',
  ['get', 'kind'],
  ['get', 'pmap:kind'],
  ['get', 'leisure'],
  ['get', 'landuse'],
  ['get', 'natural'],
  '',
];
const is = (...kinds: string[]): ExpressionSpecification =>
  ['match', kind, kinds, true, false] as unknown as ExpressionSpecification;
const name: ExpressionSpecification = ['coalesce', ['get', 'name:it'], ['get', 'name']];
const green = is(
  ...['park', 'garden', 'forest', 'wood', 'grass', 'grassland', 'scrub', 'nature_reserve'],
  ...['recreation_ground', 'village_green', 'meadow', 'orchard', 'vineyard', 'cemetery', 'pitch'],
  ...['golf_course', 'national_park', 'protected_area', 'playground', 'allotments', 'farmland'],
);
const roads = ['highway', 'major_road', 'medium_road', 'minor_road'];

/** Pixels of a road by kind, at zooms 10 and 18; extra on both sides for its edge. */
const width = (extra: number): ExpressionSpecification =>
  [
    'interpolate',
    ['exponential', 1.6],
    ['zoom'],
    10,
    ['+', extra * 0.4, ['match', kind, 'highway', 2, 'major_road', 1.4, 'medium_road', 0.8, 0.3]],
    18,
    ['+', extra, ['match', kind, 'highway', 26, 'major_road', 24, 'medium_road', 20, 13]],
  ] as unknown as ExpressionSpecification;

/** The kept map as layers of MapLibre, from the bottom up. */
export function layersOf(source: string, c: Colours): LayerSpecification[] {
  const from = (layer: string) => ({ source, 'source-layer': layer });
  const fill = (layer: string, colour: string, filter?: ExpressionSpecification) =>
    ({
      id: `map-${layer}`,
      type: 'fill',
      ...from(layer),
      ...(filter ? { filter } : {}),
      paint: { 'fill-color': colour },
    }) as LayerSpecification;
  const line = (id: string, layer: string, more: object, paint: object) =>
    ({
      id,
      type: 'line',
      ...from(layer),
      layout: { 'line-cap': 'round', 'line-join': 'round' },
      ...more,
      paint,
    }) as LayerSpecification;
  const words = (id: string, layer: string, more: object, layout: object) =>
    ({
      id,
      type: 'symbol',
      ...from(layer),
      ...more,
      layout: { 'text-field': name, 'text-font': ['Titillium Web', 'sans-serif'], ...layout },
      paint: { 'text-color': c.words, 'text-halo-color': c.ground, 'text-halo-width': 1.6 },
    }) as LayerSpecification;
  return [
    fill('earth', c.ground),
    ...['natural', 'land', 'landcover', 'landuse'].map((l) => fill(l, c.park, green)),
    fill('water', c.sea),
    line('map-rivers', 'physical_line', {}, { 'line-color': c.sea, 'line-width': 2 }),
    line(
      'map-rails',
      'transit',
      { filter: ['has', 'railway'] },
      { 'line-color': c.rail, 'line-width': 1.5 },
    ),
    {
      ...fill('buildings', c.casing),
      minzoom: 14,
      paint: { 'fill-color': c.casing, 'fill-opacity': 0.6 },
    } as LayerSpecification,
    line(
      'map-paths',
      'roads',
      { filter: is('path', 'other'), minzoom: 15 },
      { 'line-color': c.rail, 'line-width': 1.2, 'line-dasharray': [2, 2] },
    ),
    line(
      'map-road-edges',
      'roads',
      { filter: is(...roads) },
      {
        'line-color': c.casing,
        'line-width': width(2),
      },
    ),
    line(
      'map-roads',
      'roads',
      { filter: is(...roads) },
      {
        'line-color': c.street,
        'line-width': width(0),
      },
    ),
    words(
      'map-road-names',
      'roads',
      { filter: is(...roads), minzoom: 13 },
      {
        'symbol-placement': 'line',
        'text-size': ['interpolate', ['linear'], ['zoom'], 13, 11, 18, 16],
        'text-max-angle': 35,
      },
    ),
    words('map-place-names', 'places', { maxzoom: 16 }, { 'text-size': 14, 'text-max-width': 7 }),
  ];
}
