import { t } from '../text/catalogue';

export function Skeleton({ lines = 5 }: { lines?: number }) {
  return (
    <div class="stack" role="status">
      <span class="unseen">{t('core.loading')}</span>
      {Array.from({ length: lines }, (_, i) => (
        <div key={i} class="skeleton skeleton-card" />
      ))}
    </div>
  );
}
