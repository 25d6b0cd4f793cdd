import { useSignal } from '@preact/signals';
import { dayAndTime } from '../app/format';
import { client, town } from '../app/live';
import { t } from '../text/catalogue';
import { Notice } from '../ui/Notice';
import { trouble } from '../ui/trouble';
import { type InviteBody, invite, people } from './devices';

/** Lets one more phone in: choose whose it is, let the phone see the code. */
export function Invite() {
  const code = useSignal<(InviteBody & { name: string }) | undefined>(undefined);
  const wrong = useSignal('');
  const role = client.value?.actor.role ?? 'viewer';
  const list = people(town.value.users, role);
  const make = async (e: SubmitEvent) => {
    e.preventDefault();
    const user = String(new FormData(e.currentTarget as HTMLFormElement).get('user'));
    try {
      code.value = { ...(await invite(user)), name: town.value.users[user]?.name ?? '' };
      wrong.value = '';
    } catch (err) {
      code.value = undefined;
      wrong.value = trouble(err, 'desk.devices.no_network');
    }
  };
  return (
    <div class="card stack">
      <h2>{t('desk.devices.add')}</h2>
      <form class="row" onSubmit={make}>
        <label class="strong" for="invite-user">
          {t('desk.devices.whose')}
        </label>
        <select id="invite-user" name="user" class="input device-person" required>
          {list.map((u) => (
            <option key={u.id} value={u.id}>
              {u.name} · {t(`core.role.${u.role}` as 'core.role.crew')}
            </option>
          ))}
        </select>
        <button type="submit" class="button main" disabled={list.length === 0}>
          {t('desk.devices.make')}
        </button>
      </form>
      <div role="alert">{wrong.value && <Notice kind="danger">{wrong.value}</Notice>}</div>
      {code.value && (
        <div class="invite" aria-live="polite">
          <img class="qr" src={code.value.qr} alt={t('desk.devices.qr')} />
          <div class="stack-small">
            <p class="strong">{t('desk.devices.scan', { name: code.value.name })}</p>
            <p>{t('desk.devices.or_type')}</p>
            <p class="code invite-code">{inGroups(code.value.code)}</p>
            <p class="soft small">
              {t('desk.devices.until', { when: dayAndTime(code.value.expires) })}
            </p>
          </div>
        </div>
      )}
    </div>
  );
}

/** Four at a time, as people read aloud. */
const inGroups = (code: string): string => code.match(/.{1,4}/g)?.join(' ') ?? code;
