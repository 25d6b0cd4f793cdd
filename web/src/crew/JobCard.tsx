import { metres } from '../app/format';
import { town } from '../app/live';
import { here } from '../app/position';
import { follow } from '../app/router';
import { serviceName, titleOf } from '../app/service';
import { spoken } from '../core/code';
import type { View } from '../core/overlay';
import { t } from '../text/catalogue';
import { Deadline } from '../ui/Deadline';
import { Icon } from '../ui/Icon';
import { Priority } from '../ui/Priority';
import { Status } from '../ui/Status';
import { far } from './jobs';

export function JobCard({ view }: { view: View }) {
  const r = view.report;
  const service = town.value.services[r.service ?? ''];
  const metresFar = far(r, here.value);
  return (
    <li>
      <a
        class={`card job-card ${r.hazard || r.priority === 'urgent' ? 'pressing' : ''}`}
        href={`/crew/job/${r.id}`}
        onClick={follow}
      >
        <span class="job-title">{titleOf(r, service) || t('core.no_title')}</span>
        <span class="row place">
          <Icon name="pin" />
          <span>{r.address || t(r.lon === undefined ? 'core.unknown' : 'core.only_point')}</span>
          {metresFar !== undefined && <strong class="push">{metres(metresFar)}</strong>}
        </span>
        <span class="row">
          <Priority report={r} />
          {r.status !== 'assigned' && <Status report={r} />}
          <Deadline report={r} />
          {view.pending > 0 && (
            <span class="chip warn">
              <Icon name="outbox" />
              {t('core.pending', { n: view.pending })}
            </span>
          )}
        </span>
        <span class="soft small row">
          <span class="code">{spoken(r.code)}</span>
          {service && r.title && <span>{serviceName(service)}</span>}
        </span>
      </a>
    </li>
  );
}
