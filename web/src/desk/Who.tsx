import type { Report, Reporter } from '../core/civic';
import { maybe, t } from '../text/catalogue';
import { Icon } from '../ui/Icon';

/** Who reported, how they want to be answered, and what helps. */
export function Who({ report: r }: { report: Report }) {
  const who: Reporter = r.reporter ?? {};
  const { name, phone, email } = who;
  const wish = who.prefers && maybe(`desk.case.prefers.${who.prefers}`);
  return (
    <section class="card stack-small">
      <h2>{t('desk.case.who')}</h2>
      {name && <p class="strong">{name}</p>}
      {who.for && <p>{t('desk.case.for', { who: who.for })}</p>}
      {phone && (
        <a class="button" href={`tel:${phone.replace(/[^+\d]/g, '')}`}>
          <Icon name="phone" />
          {phone}
        </a>
      )}
      {email && <a href={`mailto:${email}`}>{email}</a>}
      {who.postal && <p>{who.postal}</p>}
      {wish && <p class="strong">{wish}</p>}
      {who.hours && <p>{t('desk.case.hours', { hours: who.hours })}</p>}
      {who.note && <p class="note">{who.note}</p>}
      {!name && !phone && !email && !who.postal && <p class="soft">{t('desk.case.who_unknown')}</p>}
    </section>
  );
}
