import '../oldest/fill';
import 'maplibre-gl/dist/maplibre-gl.css';
import workerUrl from 'virtual:map-worker';
import { Map as MapLibre, NavigationControl, setWorkerUrl } from 'maplibre-gl';
import { spoken } from '../core/code';
import { canDraw } from '../map/able';
import { coloursOf, type Ground, styleOf } from '../map/style';
import { ask, make, type Place } from './dom';

setWorkerUrl(workerUrl);

/** Draws the town in a box. It throws where no map can be drawn. */
async function draw(box: HTMLElement, label: string, at?: Place): Promise<MapLibre> {
  if (!canDraw()) throw new Error('no map can be drawn here');
  const ground = await ask<Ground>('/api/v1/map');
  if (!ground) throw new Error('no map of the town');
  const canvas = make('div', { className: 'canvas' });
  box.append(canvas);
  const map = new MapLibre({
    container: canvas,
    style: styleOf(ground, location.origin, coloursOf(box), document.documentElement.lang),
    ...(at
      ? { center: [at.lon, at.lat] as [number, number], zoom: 17 }
      : { bounds: ground.bounds }),
    attributionControl: { compact: true },
    dragRotate: false,
    pitchWithRotate: false,
    locale: { 'Map.Title': label },
  });
  map.touchZoomRotate.disableRotation();
  map.addControl(new NavigationControl({ showCompass: false }), 'top-right');
  return map;
}

/** Lets somebody choose a place: the map moves, the place is at the centre. */
export async function pick(box: HTMLElement, at: Place | undefined, use: (p: Place) => void) {
  const help = make('p', { className: 'hint' }, box.dataset.help ?? '');
  const frame = make('div', { className: 'pick-map' });
  const button = make(
    'button',
    { type: 'button', className: 'button main' },
    box.dataset.use ?? '',
  );
  box.replaceChildren(help, frame, button);
  const map = await draw(frame, box.dataset.label ?? '', at);
  frame.append(cross());
  button.addEventListener('click', () => {
    const c = map.getCenter();
    map.remove();
    use({ lon: c.lng, lat: c.lat });
  });
  map.getCanvas().focus();
}

function cross(): SVGSVGElement {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  svg.setAttribute('viewBox', '0 0 24 24');
  svg.setAttribute('class', 'cross');
  const path = document.createElementNS('http://www.w3.org/2000/svg', 'path');
  path.setAttribute(
    'd',
    'M12 22s7-7 7-12a7 7 0 1 0-14 0c0 5 7 12 7 12Zm0-9a3 3 0 1 0 0-6 3 3 0 0 0 0 6Z',
  );
  svg.append(path);
  return svg;
}

/** Lists the reports that lie one on another where somebody has touched the map; an
 * empty list takes it away. */
function several(box: HTMLElement, codes: string[]) {
  document.getElementById('map-several')?.remove();
  if (codes.length === 0) return;
  const links = codes.map((code) =>
    make('li', {}, make('a', { href: `/r/${code}` }, spoken(code))),
  );
  const words = make('p', {}, (box.dataset.several ?? '').replace('{n}', `${codes.length}`));
  const list = make('div', { id: 'map-several', className: 'notice', role: 'status' }, words);
  list.append(make('ul', {}, ...links));
  box.after(list);
  list.scrollIntoView({ block: 'nearest' });
}

/** Shows the public reports, together where they are many, and keeps them up to
 * date while the page is open. It gives back how to leave. */
export async function show(box: HTMLElement, query: string): Promise<() => void> {
  const map = await draw(box, box.dataset.label ?? '');
  const css = getComputedStyle(box);
  const colour = (name: string) => css.getPropertyValue(name).trim();
  map.on('load', () => {
    map.addSource('reports', {
      type: 'vector',
      url: `${location.origin}/tiles/reports.json?${query}`,
    });
    const from = { source: 'reports' } as const;
    map.addLayer({
      ...from,
      id: 'clusters',
      type: 'circle',
      'source-layer': 'clusters',
      paint: {
        'circle-color': colour('--accent'),
        'circle-radius': ['interpolate', ['linear'], ['get', 'count'], 2, 14, 50, 20, 1000, 30],
        'circle-stroke-color': colour('--paper'),
        'circle-stroke-width': 3,
      },
    });
    map.addLayer({
      ...from,
      id: 'counts',
      type: 'symbol',
      'source-layer': 'clusters',
      layout: {
        'text-field': ['to-string', ['get', 'count']],
        'text-font': ['Titillium Web', 'sans-serif'],
        'text-size': 15,
        'text-allow-overlap': true,
        // Names of the ground keep clear of the circle, not of the number alone.
        'text-padding': 16,
      },
      paint: { 'text-color': colour('--on-accent') },
    });
    map.addLayer({
      ...from,
      id: 'reports',
      type: 'circle',
      'source-layer': 'reports',
      paint: {
        'circle-color': [
          'match',
          ['get', 'status'],
          ['resolved', 'closed'],
          colour('--good'),
          ['waiting', 'rejected'],
          colour('--warn'),
          colour('--accent'),
        ],
        'circle-radius': ['interpolate', ['linear'], ['zoom'], 12, 6, 18, 11],
        'circle-stroke-color': colour('--paper'),
        'circle-stroke-width': 2.5,
      },
    });
  });
  const finger = 12;
  map.on('click', (e) => {
    if (!map.getLayer('reports')) return;
    const { x, y } = e.point;
    const hits = map.queryRenderedFeatures(
      [
        [x - finger, y - finger],
        [x + finger, y + finger],
      ],
      { layers: ['clusters', 'reports'] },
    );
    const [hit] = hits;
    if (!hit) return;
    const codes = new Set(hits.flatMap((h) => (h.properties.code ? [`${h.properties.code}`] : [])));
    several(box, codes.size > 1 ? [...codes] : []);
    if (codes.size > 1) return;
    if (hit.layer.id === 'reports') location.assign(`/r/${hit.properties.code}`);
    else map.easeTo({ center: e.lngLat, zoom: Number(hit.properties.expand) || map.getZoom() + 2 });
  });

  // A burst of changes is one refresh; tiles that did not change answer 304.
  const events = new EventSource('/tiles/events');
  let pause: ReturnType<typeof setTimeout> | undefined;
  const refresh = () => {
    clearTimeout(pause);
    pause = setTimeout(() => map.getSource('reports') && map.refreshTiles('reports'), 150);
  };
  // The stream is silent until something changes: what was drawn before it began is
  // asked for once more. When it comes back, its ids tell whether anything was missed.
  events.addEventListener('open', refresh, { once: true });
  events.onmessage = refresh;
  return () => {
    events.close();
    clearTimeout(pause);
    map.remove();
  };
}
