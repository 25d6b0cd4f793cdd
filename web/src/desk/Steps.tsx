import { useSignal } from '@preact/signals';
import { capture } from '../app/capture';
import { client } from '../app/live';
import type { Status as Name, Priority, Report } from '../core/civic';
import { stepsFrom } from '../core/steps';
import { t } from '../text/catalogue';
import { Demands } from '../ui/Demands';
import { Dialog } from '../ui/Dialog';
import { Icon } from '../ui/Icon';
import { priorityName } from '../ui/Priority';
import { statusName } from '../ui/Status';
import { reasonInWords } from './reason';

const asking: Name[] = ['resolved', 'rejected', 'planned', 'waiting'];
const priorities: Priority[] = ['low', '', 'high', 'urgent'];

export function Steps({ report: r, readOnly }: { report: Report; readOnly: boolean }) {
  const asks = useSignal<Name | undefined>(undefined);
  const steps = readOnly ? [] : stepsFrom(client.value?.actor.role ?? 'viewer', r);
  const take = async (to: Name, more: Record<string, unknown> = {}) => {
    const args = { from: r.status, to, ...more };
    if (await capture(r.id, 'transition', args, t('desk.saved'))) asks.value = undefined;
  };
  const submit = (e: SubmitEvent) => {
    e.preventDefault();
    const form = new FormData(e.currentTarget as HTMLFormElement);
    if (asks.value) void take(asks.value, Object.fromEntries(form));
  };
  return (
    <section class="card stack">
      <h2>{t('desk.case.status')}</h2>
      {r.reason && (
        <p class="prewrap">{t('desk.case.reason', { reason: reasonInWords(r.reason) })}</p>
      )}
      {steps.length === 0 ? (
        <p class="soft">{t('desk.case.no_steps')}</p>
      ) : (
        <fieldset>
          <legend class="small soft">{t('desk.case.steps')}</legend>
          <div class="row steps">
            {steps.map((s) => (
              <button
                key={s}
                type="button"
                class={`button ${s === 'rejected' ? 'danger' : ''}`}
                onClick={() => {
                  if (asking.includes(s)) asks.value = s;
                  else void take(s);
                }}
              >
                <Icon name={s} />
                {statusName(s)}
              </button>
            ))}
          </div>
        </fieldset>
      )}
      {!readOnly && (
        <div class="field">
          <label for="priority">{t('desk.case.priority')}</label>
          <select
            id="priority"
            class="input"
            value={r.priority ?? ''}
            onChange={(e) =>
              void capture(
                r.id,
                'set',
                { field: 'priority', value: e.currentTarget.value, base: r.priority ?? '' },
                t('desk.saved'),
              )
            }
          >
            {priorities.map((p) => (
              <option key={p} value={p}>
                {priorityName(p)}
              </option>
            ))}
          </select>
        </div>
      )}
      {asks.value && (
        <Dialog
          title={statusName(asks.value)}
          close={() => {
            asks.value = undefined;
          }}
        >
          <form class="stack" onSubmit={submit}>
            <Demands to={asks.value} />
            <button class="button main" type="submit">
              {t('core.save')}
            </button>
          </form>
        </Dialog>
      )}
    </section>
  );
}
