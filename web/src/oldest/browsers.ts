/** The oldest browsers in which every page has to be of use. */
export const oldest = {
  safari: '14',
  safari_ios: '14',
  firefox: '102',
  chrome: '90',
  chrome_android: '90',
} as const;

/** The same for the build, which rewrites the syntax that they lack. */
export const targets = ['safari14', 'ios14', 'firefox102', 'chrome90'];
