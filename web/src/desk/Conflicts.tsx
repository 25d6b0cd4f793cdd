import { capture } from '../app/capture';
import { dayAndTime } from '../app/format';
import { town } from '../app/live';
import type { Conflict, Report, Status } from '../core/civic';
import { stepsFrom } from '../core/steps';
import { valueInWords } from '../crew/words';
import { maybe, t } from '../text/catalogue';
import { Notice } from '../ui/Notice';
import { Moved } from './Moved';
import { taking } from './taking';

/** What waits for the office: two people's values of one thing, or what somebody on
 * site proposes. Both are kept until one is chosen. */
export function Conflicts({ report: r, readOnly }: { report: Report; readOnly: boolean }) {
  const list = Object.entries(r.conflicts ?? {});
  if (list.length === 0) return null;
  return (
    <Notice kind="warn">
      <h2 class="strong">{t('desk.case.conflicts')}</h2>
      <ul class="stack choices">
        {list.map(([id, k]) => (
          <li key={id} class="stack-small" data-conflict={k.field}>
            <span>
              {k.field === 'location'
                ? t('desk.case.conflict_place')
                : t('desk.case.conflict', {
                    field: maybe(`crew.field.${k.field}`) ?? k.field,
                    value: valueInWords(k.field, k.value),
                  })}
              <span class="small soft block">
                {[town.value.users[k.by ?? '']?.name, dayAndTime(k.at)].filter(Boolean).join(', ')}
              </span>
            </span>
            {k.field === 'location' && <Moved report={r} to={k.value} />}
            {!readOnly && <Choose report={r} conflict={k} />}
          </li>
        ))}
      </ul>
    </Notice>
  );
}

/** The two ways out, each an edit. A status that the office cannot bring about now is
 * only left as it is: the steps below do the rest. */
function Choose({ report: r, conflict: k }: { report: Report; conflict: Conflict }) {
  const set = (value: unknown) => capture(r.id, 'set', { field: k.field, value }, t('desk.saved'));
  const take = () => {
    const { kind, args } = taking(r, k);
    return capture(r.id, kind, args, t('desk.saved'));
  };
  const can =
    k.field !== 'status' ||
    (k.value !== 'planned' &&
      k.value !== 'waiting' &&
      stepsFrom('operator', r).includes(k.value as Status));
  return (
    <span class="row">
      {can && (
        <button type="button" class="button" onClick={() => void take()}>
          {t('desk.case.take_value')}
        </button>
      )}
      <button type="button" class="button" onClick={() => void set(current(r, k.field))}>
        {t('desk.case.keep_value')}
      </button>
    </span>
  );
}

function current(r: Report, field: string): unknown {
  if (field === 'location') return r.lon === undefined ? {} : { lon: r.lon, lat: r.lat };
  if (field === 'assignment')
    return { ...(r.team ? { team: r.team } : {}), ...(r.user ? { user: r.user } : {}) };
  return (r as unknown as Record<string, unknown>)[field] ?? '';
}
