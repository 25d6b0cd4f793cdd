import type { Lang, Words } from './catalogue';

/** The words of the crew app. */
export const bring = async (l: Lang): Promise<Words> =>
  (l === 'en' ? await import('./crew-en') : await import('./crew-it')).default;
