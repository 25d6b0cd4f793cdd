import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { say } from '../app/capture';
import { now } from '../app/clock';
import { dayAndTime } from '../app/format';
import { client, town } from '../app/live';
import { follow } from '../app/router';
import { t } from '../text/catalogue';
import { Dialog } from '../ui/Dialog';
import { Empty } from '../ui/Empty';
import { Icon } from '../ui/Icon';
import { Notice } from '../ui/Notice';
import { Skeleton } from '../ui/Skeleton';
import { trouble } from '../ui/trouble';
import { type DeviceSeen, devices, revoke } from './devices';
import { Invite } from './Invite';

const name = (user: string): string => town.value.users[user]?.name ?? t('core.unknown');
const inWords = (err: unknown): string => trouble(err, 'desk.devices.no_network');

/** The phones of the people one looks after: when each was last seen, one more, one
 * less. */
export function Devices() {
  const list = useSignal<DeviceSeen[] | undefined>(undefined);
  const wrong = useSignal('');
  const ends = useSignal<DeviceSeen | undefined>(undefined);
  const load = async () => {
    try {
      list.value = await devices();
      wrong.value = '';
    } catch (err) {
      wrong.value = inWords(err);
    }
  };
  useEffect(() => void load(), []);
  const end = async (d: DeviceSeen) => {
    ends.value = undefined;
    try {
      await revoke(d.id);
      say(t('desk.devices.ended', { name: name(d.user) }));
    } catch (err) {
      say(inWords(err), false);
    }
    await load();
  };
  return (
    <section class="devices stack">
      <a class="button plain back" href="/desk" onClick={follow}>
        <Icon name="back" />
        {t('core.back')}
      </a>
      <h1>{t('desk.devices.title')}</h1>
      <p class="soft">{t('desk.devices.lead')}</p>
      <Invite />
      <div role="alert">{wrong.value && <Notice kind="danger">{wrong.value}</Notice>}</div>
      {!list.value && !wrong.value && <Skeleton lines={3} />}
      {list.value?.length === 0 && (
        <Empty icon="device" title={t('desk.devices.none')} text={t('desk.devices.none_long')} />
      )}
      {list.value && list.value.length > 0 && (
        <ul class="stack-small">
          {list.value.map((d) => (
            <Row
              key={d.id}
              device={d}
              end={() => {
                ends.value = d;
              }}
            />
          ))}
        </ul>
      )}
      {ends.value && (
        <Ask
          device={ends.value}
          yes={end}
          no={() => {
            ends.value = undefined;
          }}
        />
      )}
    </section>
  );
}

function Row({ device: d, end }: { device: DeviceSeen; end: () => void }) {
  const mine = client.value?.actor.device === d.id;
  const over = Date.parse(d.ends) < now.value;
  return (
    <li class="card device-row">
      <div>
        <p class="strong">{name(d.user)}</p>
        <p class="soft small">
          {d.name || t('desk.devices.nameless')}
          {mine && ` · ${t('desk.devices.this')}`}
        </p>
      </div>
      <p class="small">{t('desk.devices.seen', { when: dayAndTime(d.seen) })}</p>
      {d.revoked || over ? (
        <span class="chip quiet">
          {t(d.revoked ? 'desk.devices.revoked' : 'desk.devices.over')}
        </span>
      ) : (
        <button
          type="button"
          class="button"
          onClick={end}
          aria-label={t('desk.devices.end_of', { name: name(d.user) })}
        >
          {t('desk.devices.end')}
        </button>
      )}
    </li>
  );
}

type AskProps = { device: DeviceSeen; yes: (d: DeviceSeen) => Promise<void>; no: () => void };

function Ask({ device, yes, no }: AskProps) {
  return (
    <Dialog title={t('desk.devices.end_of', { name: name(device.user) })} close={no}>
      <p>{t('desk.devices.sure')}</p>
      <Notice kind="warn">{t('desk.devices.sure_unsent')}</Notice>
      <div class="row">
        <button type="button" class="button main" onClick={no}>
          {t('core.cancel')}
        </button>
        <button type="button" class="button danger" onClick={() => void yes(device)}>
          {t('desk.devices.end')}
        </button>
      </div>
    </Dialog>
  );
}
