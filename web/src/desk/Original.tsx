import type { Report } from '../core/civic';
import { t } from '../text/catalogue';

/** How the citizen said it, where the office has corrected the words. */
export function Original({ report: { original } }: { report: Report }) {
  if (!original) return null;
  return (
    <details class="fold" data-original>
      <summary>{t('desk.case.original')}</summary>
      <div class="stack-small">
        {original.title && <p class="strong">{original.title}</p>}
        {original.description && (
          <p class="prewrap" dir="auto">
            {original.description}
          </p>
        )}
      </div>
    </details>
  );
}
