import type { Report } from '../core/civic';
import { t } from '../text/catalogue';
import { Icon } from '../ui/Icon';

export function Who({ report: r }: { report: Report }) {
  const { name, phone } = r.reporter ?? {};
  return (
    <section class="card stack-small">
      <h2>{t('desk.case.who')}</h2>
      {name && <p class="strong">{name}</p>}
      {phone && (
        <a class="button" href={`tel:${phone.replace(/[^+\d]/g, '')}`}>
          <Icon name="phone" />
          {phone}
        </a>
      )}
      {!name && !phone && <p class="soft">{t('desk.case.who_unknown')}</p>}
    </section>
  );
}
