import type { Report } from '../core/civic';
import { type Key, t } from '../text/catalogue';
import { Icon } from './Icon';

export const priorityName = (p: string): string => t(`core.priority.${p || 'normal'}` as Key);

/** Danger and what is not of normal urgency; nothing for the rest. */
export function Priority({ report }: { report: Report }) {
  const p = report.priority;
  return (
    <>
      {report.hazard && (
        <span class="chip danger">
          <Icon name="warning" />
          {t('core.hazard')}
        </span>
      )}
      {p && (
        <span class={`chip ${p === 'urgent' ? 'danger' : p === 'high' ? 'warn' : 'quiet'}`}>
          <Icon name={p === 'low' ? 'down' : 'up'} />
          {priorityName(p)}
        </span>
      )}
    </>
  );
}
