import { useEffect, useRef } from 'preact/hooks';
import { dayAndTime } from '../app/format';
import { town } from '../app/live';
import { follow } from '../app/router';
import { titleOf } from '../app/service';
import { isOpen } from '../core/civic';
import { spoken } from '../core/code';
import type { View } from '../core/overlay';
import { t } from '../text/catalogue';
import { Deadline } from '../ui/Deadline';
import { Icon } from '../ui/Icon';
import { Priority } from '../ui/Priority';
import { Status } from '../ui/Status';
import { Channel } from './Channel';
import { ErasureChip } from './Erasure';
import { open } from './state';

export function Row({ view }: { view: View }) {
  const r = view.report;
  const here = open.value === r.id;
  const ref = useRef<HTMLLIElement>(null);
  useEffect(() => {
    if (here) ref.current?.scrollIntoView({ block: 'nearest' });
  }, [here]);
  // The time that the list is ordered by: of what has ended, its end.
  const at = r.status && !isOpen(r.status) ? (r.closed ?? r.created) : r.created;
  const service = town.value.services[r.service ?? ''];
  return (
    <li ref={ref}>
      <a
        class="list-row"
        href={`/desk/case/${r.id}`}
        onClick={follow}
        aria-current={here ? 'true' : undefined}
      >
        <span class="row small soft">
          <span class="code">{spoken(r.code)}</span>
          <Channel channel={r.channel} />
          <span class="push">{at && dayAndTime(at)}</span>
        </span>
        <span class="list-title">{titleOf(r, service) || t('core.no_title')}</span>
        {r.address && <span class="small soft">{r.address}</span>}
        <span class="row list-chips">
          <Status report={r} />
          <Priority report={r} />
          <Deadline report={r} />
          <ErasureChip report={r} />
          {view.pending > 0 && (
            <span class="chip warn">
              <Icon name="outbox" />
              {t('desk.outbox', { n: view.pending })}
            </span>
          )}
        </span>
      </a>
    </li>
  );
}
