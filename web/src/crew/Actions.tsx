import { useSignal } from '@preact/signals';
import { capture } from '../app/capture';
import { client } from '../app/live';
import type { Status } from '../core/civic';
import type { View } from '../core/overlay';
import { stepsFrom } from '../core/steps';
import { t } from '../text/catalogue';
import { Icon } from '../ui/Icon';
import { Lazy } from '../ui/Lazy';
import { statusName } from '../ui/Status';
import { Finish } from './Finish';

type Asks = 'resolved' | 'waiting' | 'planned';

const later = () => import('./Later').then((m) => m.Later);

/** The steps from here: the likeliest one broad and under the thumb. */
export function Actions({ view }: { view: View }) {
  const asks = useSignal<Asks | undefined>(undefined);
  const r = view.report;
  const steps = stepsFrom(client.value?.actor.role ?? 'viewer', r);
  if (steps.length === 0) return null;
  const first: Status | undefined = steps.includes('in_progress')
    ? 'in_progress'
    : steps.includes('resolved')
      ? 'resolved'
      : steps[0];
  const take = (to: Status) => {
    if (to === 'resolved' || to === 'waiting' || to === 'planned') asks.value = to;
    else void capture(r.id, 'transition', { from: r.status, to }, t('crew.job.kept'));
  };
  const close = () => {
    asks.value = undefined;
  };
  return (
    <>
      <div class="pair">
        {steps
          .filter((s) => s !== first)
          .map((s) => (
            <button key={s} type="button" class="button" onClick={() => take(s)}>
              <Icon name={s} />
              {words(s, r.status)}
            </button>
          ))}
      </div>
      {first && (
        <div class="main-step">
          <button type="button" class="button main wide big" onClick={() => take(first)}>
            <Icon name={first} />
            {words(first, r.status)}
          </button>
        </div>
      )}
      {asks.value === 'resolved' && <Finish report={r} close={close} />}
      {(asks.value === 'waiting' || asks.value === 'planned') && (
        <Lazy from={later} report={r} to={asks.value} close={close} />
      )}
    </>
  );
}

function words(to: Status, from: Status | undefined): string {
  switch (to) {
    case 'in_progress':
      return t(from === 'waiting' ? 'crew.job.resume' : 'crew.job.start');
    case 'resolved':
      return t('crew.job.finish');
    case 'waiting':
      return t('crew.job.wait');
    case 'planned':
      return t('crew.job.plan');
    case 'assigned':
      return t('crew.job.reopen');
    default:
      return statusName(to);
  }
}
