/** Drawn on a grid of 24, in strokes, so that they stay sharp in the sun. */
const paths = {
  new: 'M12 3v18M3 12h18',
  acknowledged: 'M2 12s4-7 10-7 10 7 10 7-4 7-10 7S2 12 2 12Zm10-3a3 3 0 1 0 0 6 3 3 0 0 0 0-6Z',
  assigned: 'M9 11a4 4 0 1 0 0-8 4 4 0 0 0 0 8Zm-7 10c0-4 3-7 7-7s7 3 7 7M17 5l2 2 4-4',
  in_progress: 'M14 6a4 4 0 0 1 5-3l-3 3 2 2 3-3a4 4 0 0 1-5 5L7 20a2 2 0 0 1-3-3L14 8Z',
  planned: 'M4 5h16v16H4ZM4 10h16M8 2v5M16 2v5',
  waiting: 'M6 2h12M6 22h12M7 2c0 6 10 8 10 14v6M17 2c0 6-10 8-10 14v6',
  resolved: 'M4 13l5 5L20 6',
  closed: 'M5 11h14v10H5ZM8 11V7a4 4 0 0 1 8 0v4',
  rejected: 'M12 2a10 10 0 1 0 0 20 10 10 0 0 0 0-20ZM5 5l14 14',
  clock: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18Zm0 4v5l4 2',
  warning: 'M12 3 2 21h20L12 3Zm0 7v5m0 3v.1',
  pause: 'M8 5v14M16 5v14',
  up: 'M12 20V5M5 12l7-7 7 7',
  down: 'M12 4v15M5 12l7 7 7-7',
  list: 'M8 6h13M8 12h13M8 18h13M3 6h.1M3 12h.1M3 18h.1',
  map: 'M9 4 3 6v14l6-2 6 2 6-2V4l-6 2-6-2Zm0 0v14m6-12v14',
  outbox: 'M12 15V3M7 8l5-5 5 5M3 14v6h18v-6',
  pin: 'M12 22s7-7 7-12a7 7 0 1 0-14 0c0 5 7 12 7 12Zm0-9a3 3 0 1 0 0-6 3 3 0 0 0 0 6Z',
  route: 'M3 11 21 3l-8 18-2-8-8-2Z',
  phone: 'M5 3h4l2 5-3 2a12 12 0 0 0 6 6l2-3 5 2v4a2 2 0 0 1-2 2A17 17 0 0 1 3 5a2 2 0 0 1 2-2Z',
  camera: 'M3 7h4l2-3h6l2 3h4v13H3ZM12 10a4 4 0 1 0 0 8 4 4 0 0 0 0-8Z',
  note: 'M5 3h10l4 4v14H5ZM8 12h8M8 16h5',
  back: 'M15 4l-8 8 8 8',
  close: 'M5 5l14 14M19 5 5 19',
  search: 'M10 3a7 7 0 1 0 0 14 7 7 0 0 0 0-14Zm5 12 6 6',
  wifi: 'M2 9a15 15 0 0 1 20 0M5 13a10 10 0 0 1 14 0M9 17a5 5 0 0 1 6 0M12 20v.1',
  no_wifi:
    'M2 9a15 15 0 0 1 6-4m5-.8A15 15 0 0 1 22 9M5 13a10 10 0 0 1 4-2.600M9 17a5 5 0 0 1 6 0M12 20v.1M3 3l18 18',
  sync: 'M20 5v5h-5M4 19v-5h5M19 10a8 8 0 0 0-14-3M5 14a8 8 0 0 0 14 3',
  help: 'M12 2a10 10 0 1 0 0 20 10 10 0 0 0 0-20ZM9 9a3 3 0 1 1 4 3c-1 .5-1 1-1 2m0 3v.1',
  mail: 'M3 5h18v14H3Zm0 1 9 7 9-7',
  web: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18ZM3 12h18M12 3c-6 6-6 12 0 18M12 3c6 6 6 12 0 18',
  counter: 'M3 21V9l9-6 9 6v12ZM9 21v-7h6v7',
  plug: 'M9 3v6M15 3v6M6 9h12v3a6 6 0 0 1-12 0ZM12 18v4',
  staff: 'M12 12a5 5 0 1 0 0-10 5 5 0 0 0 0 10Zm-9 10c0-5 4-8 9-8s9 3 9 8',
  here: 'M12 5a7 7 0 1 0 0 14 7 7 0 0 0 0-14Zm0-4v4m0 14v4M1 12h4m14 0h4',
  sun: 'M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8ZM12 1v3m0 16v3M1 12h3m16 0h3M4 4l2 2m12 12 2 2M20 4l-2 2M6 18l-2 2',
  device: 'M7 2h10v20H7ZM10 18h4',
  save: 'M12 3v12M7 10l5 5 5-5M4 17v4h16v-4',
  inbox: 'M3 13h5l2 3h4l2-3h5M5 4h14l2 9v7H3v-7Z',
  scan: 'M3 8V3h5M16 3h5v5M21 16v5h-5M8 21H3v-5M4 12h16',
  out: 'M10 4H4v16h6M15 8l5 4-5 4M20 12H9',
  publish: 'M4 13v7h16v-7M12 16V3M7 8l5-5 5 5',
} as const;

export type IconName = keyof typeof paths;

export function Icon({ name }: { name: IconName }) {
  return (
    <svg
      class="icon"
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      stroke-width="2.2"
      stroke-linecap="round"
      stroke-linejoin="round"
      aria-hidden="true"
    >
      <path d={paths[name]} />
    </svg>
  );
}
