/** Every screen of the citizens, in every size and look that a budget names. */
export const screens = (code: string): string[] => [
  '/',
  '/report',
  '/report?kind=assistance',
  '/report?service=strade.buca',
  '/reports',
  `/r/${code}`,
  '/drafts',
  '/subscriptions',
  '/privacy',
  '/accessibility',
  '/service-levels',
  '/nowhere',
];

export const sizes = { phone: 360, zoomed: 320, desktop: 1280 };

export const looks = {
  light: { colorScheme: 'light' },
  dark: { colorScheme: 'dark' },
  forced: { colorScheme: 'dark', forcedColors: 'active' },
} as const;
