import type { Lang, Words } from './catalogue';

/** The words of the desk app. */
export const bring = async (l: Lang): Promise<Words> =>
  (l === 'en' ? await import('./desk-en') : await import('./desk-it')).default;
