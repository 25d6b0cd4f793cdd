import { now } from '../app/clock';
import { month } from '../app/format';
import type { Status } from '../core/civic';
import { t } from '../text/catalogue';

/** The fields that a step asks for, named as the edit names them. */
export function Demands({ to }: { to: Status }) {
  switch (to) {
    case 'waiting':
      return (
        <fieldset class="stack-small">
          <legend class="label">{t('core.demand.for')}</legend>
          <label class="choice">
            <input type="radio" name="for" value="body" required />
            {t('core.demand.for.body')}
          </label>
          <label class="choice">
            <input type="radio" name="for" value="citizen" required />
            {t('core.demand.for.citizen')}
          </label>
        </fieldset>
      );
    case 'planned':
      return (
        <>
          <div class="field">
            <label for="month">{t('core.demand.month')}</label>
            <select id="month" name="month" class="input" required>
              {months(now.value).map((m) => (
                <option key={m} value={m}>
                  {month(m)}
                </option>
              ))}
            </select>
          </div>
          <div class="field">
            <label for="why">{t('core.demand.why')}</label>
            <textarea id="why" name="why" class="input" maxLength={1000} />
          </div>
        </>
      );
    case 'resolved':
    case 'rejected':
      return (
        <div class="field">
          <label for="step-reason">{t('core.demand.reason')}</label>
          <textarea
            id="step-reason"
            name="reason"
            class="input"
            maxLength={1000}
            required={to === 'rejected'}
          />
        </div>
      );
    default:
      return null;
  }
}

/** This month and the eighteen after it, as "2027-03". */
function months(from: number): string[] {
  const start = new Date(from);
  return Array.from({ length: 19 }, (_, i) =>
    new Date(Date.UTC(start.getUTCFullYear(), start.getUTCMonth() + i, 15))
      .toISOString()
      .slice(0, 7),
  );
}
