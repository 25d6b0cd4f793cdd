/** The oldest browsers in which every page has to be of use. */
export const oldest = {
  safari: '14',
  safari_ios: '14',
  firefox: '102',
  chrome: '90',
  chrome_android: '90',
} as const;

/** The same for the build, which rewrites the styles that they lack. */
export const styleTargets = ['safari14', 'ios14', 'firefox102', 'chrome90'];

/** And the syntax. Before 91 Chrome runs a?.b(...c) wrongly and all else that 91 does, so
 * every ?. would be rewritten; a test sees to it that none is followed by such a call. */
export const targets = styleTargets.map((t) => t.replace('chrome90', 'chrome91'));
