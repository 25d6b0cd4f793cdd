import { reasonConfirmed } from '../core/civic';
import { t } from '../text/catalogue';

/** Why a case ended as it did: somebody's words, or the sentence of the program's own. */
export const reasonInWords = (said: string): string =>
  said === reasonConfirmed ? t('core.reason.confirmed') : said;
