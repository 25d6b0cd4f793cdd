import { month } from '../app/format';
import type { Status as Name, Report } from '../core/civic';
import { type Key, t } from '../text/catalogue';
import { Icon } from './Icon';

export const statusName = (s: Name): string => t(`core.status.${s}` as Key);

const colours: Partial<Record<Name, string>> = {
  new: 'warn',
  resolved: 'good',
  closed: 'good',
  rejected: 'quiet',
  planned: 'quiet',
  waiting: 'quiet',
};

/** Where a case stands: a word, a shape and a colour that all say the same. */
export function Status({ report }: { report: Report }) {
  const s = report.status ?? 'new';
  return (
    <span class={`chip ${colours[s] ?? ''}`}>
      <Icon name={s} />
      {statusInWords(report)}
    </span>
  );
}

function statusInWords(r: Report): string {
  const s = r.status ?? 'new';
  if (s === 'waiting' && r.waiting?.for === 'citizen') return t('core.waiting.citizen');
  if (s === 'waiting' && r.waiting?.for === 'body') return t('core.waiting.body');
  if (s === 'planned' && r.planned)
    return t('core.planned.month', { month: month(r.planned.month) });
  return statusName(s);
}
