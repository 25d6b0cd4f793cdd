import { capture } from '../app/capture';
import type { ChecklistEntry, Report } from '../core/civic';
import { t } from '../text/catalogue';

type Props = { report: Report; entries: ChecklistEntry[]; readOnly: boolean };

export function Checklist({ report, entries, readOnly }: Props) {
  if (entries.length === 0) return null;
  return (
    <section class="card stack-small">
      <h2>{t('crew.job.checklist')}</h2>
      {entries.map(({ item, name, blocks }) => {
        const value = report.checklist?.[item]?.value ?? '';
        return (
          <label key={item} class="choice">
            <input
              type="checkbox"
              checked={value !== ''}
              disabled={readOnly}
              onChange={() =>
                void capture(
                  report.id,
                  'check',
                  { item, value: value ? '' : 'yes' },
                  t('crew.job.kept'),
                )
              }
            />
            <span>
              {name}
              {blocks && !value && <span class="small soft block">{t('crew.job.blocks')}</span>}
            </span>
          </label>
        );
      })}
    </section>
  );
}
