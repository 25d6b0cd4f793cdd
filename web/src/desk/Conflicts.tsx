import { capture } from '../app/capture';
import type { Report } from '../core/civic';
import { valueInWords } from '../crew/words';
import { maybe, t } from '../text/catalogue';
import { Notice } from '../ui/Notice';

/** Two people changed the same field: both values are kept until one is chosen. */
export function Conflicts({ report }: { report: Report }) {
  const list = Object.entries(report.conflicts ?? {});
  if (list.length === 0) return null;
  const set = (field: string, value: unknown) =>
    void capture(report.id, 'set', { field, value }, t('desk.saved'));
  return (
    <Notice kind="warn">
      <h2 class="strong">{t('desk.case.conflicts')}</h2>
      <ul class="stack-small">
        {list.map(([id, k]) => (
          <li key={id} class="row">
            <span>
              {t('desk.case.conflict', {
                field: maybe(`crew.field.${k.field}`) ?? k.field,
                value: valueInWords(k.field, k.value),
              })}
            </span>
            {k.field !== 'status' && (
              <>
                <button type="button" class="link" onClick={() => set(k.field, k.value)}>
                  {t('desk.case.take_value')}
                </button>
                <button
                  type="button"
                  class="link"
                  onClick={() => set(k.field, current(report, k.field))}
                >
                  {t('desk.case.keep_value')}
                </button>
              </>
            )}
          </li>
        ))}
      </ul>
    </Notice>
  );
}

function current(r: Report, field: string): unknown {
  if (field === 'location') return r.lon === undefined ? {} : { lon: r.lon, lat: r.lat };
  return (r as unknown as Record<string, unknown>)[field] ?? '';
}
