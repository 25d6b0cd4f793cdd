/**
 * What the built site uses and some of the oldest browsers lack, by the data, with what
 * becomes of a page without. A test holds the lists to what is used; another takes each
 * script's interface away and uses the pages.
 */

/** Interfaces of scripts. */
export const scripts: Record<string, string> = {
  // Filled in by fill.ts.
  '.at': 'filled in',
  '.hasOwn': 'filled in',
  'Object.hasOwn': 'filled in',
  '.throwIfAborted': 'filled in; pmtiles asks it of the signal that MapLibre gives',
  // Ours.
  '.locks': 'without, each tab leads and sends: sending twice is one report, one edit',
  'Navigator.locks': 'as .locks',
  BroadcastChannel: 'without, a tab does not hear of another until it looks itself',
  'new BroadcastChannel': 'as BroadcastChannel',
  'new DataTransfer': 'without, the form keeps its own fields for photos',
  '.showModal': 'without, the dialog stands over the page: Dialog.tsx',
  '.storage': 'without, no map for when there is no network, and no figures of room',
  'Navigator.storage': 'as .storage',
  createImageBitmap: 'without, no preview goes ahead of a photo; MapLibre takes an <img>',
  OffscreenCanvas: 'without, no preview goes ahead of a photo; MapLibre takes a <canvas>',
  'new OffscreenCanvas': 'as OffscreenCanvas',
  BarcodeDetector: 'without, the code of a phone is typed',
  '.srcObject': 'of the camera that reads a code, with BarcodeDetector alone',
  '.sync': 'without, what waits leaves from the next page that is open',
  '.userChoice': 'of an event that only browsers with it send',
  '.capture': 'without, a phone asks between camera and photos',
  trustedTypes: 'a second lock on scripts: without it the first one holds',
  'new URL': 'Safari 14.0 refuses a base that is undefined: none is',
  // Preact.
  '.moveBefore': 'asked for before it is used',
  '.dispose': 'a name for those who have it',
  'Symbol.dispose': 'without, a property called "undefined"',
  // tus-js-client.
  '.toBase64': 'asked for before it is used',
  '.fromBase64': 'asked for before it is used',
  'Uint8Array.fromBase64': 'asked for before it is used',
  // pmtiles.
  DecompressionStream: 'without, fflate unpacks',
  '.captureStackTrace': 'asked for before it is used',
  'Error.captureStackTrace': 'asked for before it is used',
  // MapLibre, which needs WebGL 2 and a module worker: without those there is no map,
  // the page says so, and the list beside it holds the same.
  '.touches': 'of events that only screens to touch send',
  '.changedTouches': 'of events that only screens to touch send',
  '.targetTouches': 'of events that only screens to touch send',
  TouchEvent: 'asked for before it is used',
  '.hardwareConcurrency': 'without, four are assumed',
  'Navigator.hardwareConcurrency': 'without, four are assumed',
  '.fetchPriority': 'set; without, it says nothing',
  '.featureSettings': 'of letters; without, they are plain',
  '.font': 'set on a canvas: partial in Safari, where a size in px works',
  '.Segmenter': 'asked for before it is used',
  'Intl.Segmenter': 'asked for before it is used',
  VideoFrame: 'asked for before it is used',
  'new VideoFrame': 'asked for before it is used',
  '.copyTo': 'of a VideoFrame',
  ImageBitmap: 'asked for before it is used',
  BigUint64Array: 'Safari has it since 15, as WebGL 2',
  'new BigUint64Array': 'as BigUint64Array',
  BigInt64Array: 'as BigUint64Array',
  'new BigInt64Array': 'as BigUint64Array',
  '.getBigUint64': 'Safari has it since 15, as WebGL 2',
  devicePixelRatio: 'Safari gives the screen’s, not the zoom’s',
  'IDBFactory.open': 'the first may hang in Safari 14: awake.ts',
  '.databases': 'asked for before it is used; Safari 14, which needs it, has it',
  'IDBFactory.databases': 'as .databases',
  '.nonce': 'of a script: without, its attribute is read; ours else',
};

/** Names of properties of our own and of the libraries', which are not the browser's. */
export const ours: string[] = `
  .address .adopt .bytes .changed .colorSpace .command .commit .connection .delay .deleted
  .device .difference .displayName .drop .getMetadata .indices .keyboard .layer .loading
  .locale .move .number .ping .priority .removed .resize .results .role .s .sample .session
  .show .stats .take .toArray .touched .transport .use .vertices .wait .when
`
  .trim()
  .split(/\s+/);

const pointer = 'a pointer’s look; a phone has none';
const bySize = 'by its height by the phone’s bars, else by the screen’s';

/** Features of styles, as paths of the data. */
export const styles: Record<string, string> = {
  'css.selectors.focus-visible': 'the browser’s own ring; :focus draws one for pictures',
  'css.selectors.has': 'a choice is told by its own dot, no field is hidden, map below list',
  'css.selectors.backdrop': 'a dialog of any element darkens the page by its shadow',
  'css.selectors.fullscreen': 'of a control of MapLibre that is not shown',
  'css.selectors.file-selector-button': 'the browser’s own button',
  'css.at-rules.page': 'the printer’s own margins',
  'css.properties.size': 'the printer’s own paper',
  'css.properties.overflow-wrap.anywhere': 'word-break: break-word beside it does the same',
  'css.properties.text-wrap': 'lines break where they break',
  'css.properties.text-wrap.balance': 'as text-wrap',
  'css.properties.text-wrap.pretty': 'as text-wrap',
  'css.properties.cursor.pointer': pointer,
  'css.properties.cursor.not-allowed': pointer,
  'css.properties.cursor.crosshair': pointer,
  'css.properties.cursor.move': pointer,
  'css.properties.cursor.grab': pointer,
  'css.properties.cursor.grabbing': pointer,
  'css.properties.cursor.progress': pointer,
  'css.properties.outline': 'square corners in Safari',
  'css.properties.align-content.start': 'of a grid, which all have it for',
  'css.properties.resize': 'a field of text that cannot be drawn larger',
  'css.properties.resize.vertical': 'as resize',
  'css.properties.accent-color': 'the browser’s own colour',
  'css.types.length.viewport_percentage_units_dynamic': bySize,
  'css.properties.scroll-behavior': 'it jumps',
  'css.properties.scroll-behavior.auto': 'it jumps',
  'css.properties.aspect-ratio': 'a picture by its own shape',
  'css.properties.aspect-ratio.auto': 'as aspect-ratio',
  'css.properties.user-select': 'under its prefix beside it',
  'css.properties.appearance': 'under its prefix beside it',
  'css.properties.scroll-padding-top': 'partial in Safari 14, for snapping alone',
  'css.properties.scroll-padding-bottom': 'as scroll-padding-top',
  'css.properties.hyphens': 'under its prefix, or words that break anywhere',
  'css.properties.forced-color-adjust': 'for Windows’ contrast themes, which have it',
  'css.properties.forced-color-adjust.none': 'as forced-color-adjust',
  'css.properties.content-visibility': 'a long list is drawn at once',
  'css.properties.content-visibility.auto': 'as content-visibility',
  'css.properties.contain-intrinsic-size': 'as content-visibility',
  'css.properties.-webkit-tap-highlight-color': 'of screens to touch',
  'css.properties.-webkit-touch-callout': 'of screens to touch',
};

/** What no name in a script or a style shows, as paths of the data. */
export const byHand: Record<string, string> = {
  'api.WebGL2RenderingContext': 'no map: the page says so, the list holds the same',
  'api.Worker.Worker.ecmascript_modules': 'no map, as without WebGL 2; ours are classic',
  'css.properties.gap.flex_context': 'older.css keeps what stands in a row apart',
  'javascript.builtins.Intl.DateTimeFormat.DateTimeFormat.options_parameter.options_dateStyle_parameter':
    'a date in the browser’s usual form',
};
