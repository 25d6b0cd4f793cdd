import { useSignal, useSignalEffect } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { grant, stage } from '../app/here';
import { connection } from '../app/live';
import { follow, route } from '../app/router';
import { lang, t } from '../text/catalogue';
import { Connection, ConnectionNotice } from '../ui/Connection';
import { Empty } from '../ui/Empty';
import { Icon } from '../ui/Icon';
import { Lang } from '../ui/Lang';
import { Mark } from '../ui/Mark';
import { Notice } from '../ui/Notice';
import { Said } from '../ui/Said';
import { SignIn } from '../ui/SignIn';
import { SignOut } from '../ui/SignOut';
import { SignOutEverywhere } from '../ui/SignOutEverywhere';
import { Case } from './Case';
import { Devices } from './Devices';
import { isKeeper } from './devices';
import { Help } from './Help';
import { listenForKeys } from './keys';
import { List } from './List';
import { move, open, wish } from './state';

export function Shell() {
  useSignalEffect(() => {
    document.documentElement.lang = lang.value;
    document.title = `Segnavia · ${t('desk.title')}`;
  });
  if (stage.value === 'sign_in') return <SignIn />;
  if (stage.value === 'no_store' || stage.value === 'stale') {
    return (
      <main class="sign-in">
        <Notice kind="danger">
          {t(stage.value === 'stale' ? 'core.storage.stale' : 'core.storage.none')}
        </Notice>
      </main>
    );
  }
  if (connection.value !== 'live' && route.value[0] === 'sign-in') return <SignIn again />;
  return <Desk />;
}

function Desk() {
  const help = useSignal(false);
  const menu = useRef<HTMLDetailsElement>(null);
  const shut = () => menu.current?.removeAttribute('open');
  useEffect(
    () =>
      listenForKeys({
        j: () => move(1),
        k: () => move(-1),
        a: () => {
          wish.value = 'assign';
        },
        r: () => {
          wish.value = 'reply';
        },
        '?': () => {
          help.value = true;
        },
      }),
    [help],
  );
  const id = open.value;
  return (
    <div class={`desk ${id ? 'has-case' : ''}`}>
      <a class="skip" href="#content">
        {t('core.skip')}
      </a>
      <header class="top">
        <Mark />
        <span class="town">{grant.value?.jurisdiction.name}</span>
        <span class="push">
          <Connection />
        </span>
        <details
          ref={menu}
          class="menu"
          onKeyDown={(e) => {
            if (e.key === 'Escape') shut();
          }}
          onFocusOut={(e) => {
            if (!menu.current?.contains(e.relatedTarget as Node | null)) shut();
          }}
        >
          <summary class="button plain" aria-label={grant.value?.user.name}>
            <Icon name="staff" />
            <span class="menu-name">{grant.value?.user.name}</span>
          </summary>
          <div class="card menu-card" tabIndex={-1}>
            {isKeeper(grant.value?.user.role) && (
              <a
                class="button plain"
                href="/desk/devices"
                onClick={(e) => {
                  follow(e);
                  shut();
                }}
              >
                <Icon name="device" />
                {t('desk.devices.title')}
              </a>
            )}
            <button
              type="button"
              class="button plain"
              onClick={() => {
                shut();
                help.value = true;
              }}
            >
              <Icon name="help" />
              {t('desk.keys.open')}
            </button>
            <Lang />
            <SignOut />
            <SignOutEverywhere />
          </div>
        </details>
      </header>
      <div class="notices">
        <ConnectionNotice />
        {connection.value === 'offline' && (
          <Notice kind="warn">{t('core.connection.offline_long')}</Notice>
        )}
        {(connection.value === 'sign_in' || connection.value === 'revoked') && (
          <Notice kind="warn">
            {t(
              connection.value === 'revoked'
                ? 'core.connection.revoked_long'
                : 'core.connection.sign_in_long',
            )}{' '}
            <a class="link" href="/desk/sign-in" onClick={follow}>
              {t('core.sign_in.go')}
            </a>
          </Notice>
        )}
      </div>
      {route.value[0] === 'devices' ? (
        <main id="content" tabIndex={-1}>
          <Devices />
        </main>
      ) : (
        <main id="content" class="panes" tabIndex={-1}>
          <List />
          <div class="case-pane">
            {id ? (
              <Case key={id} id={id} />
            ) : (
              <Empty icon="list" title={t('desk.pick')} text={t('desk.pick_long')} />
            )}
          </div>
        </main>
      )}
      {help.value && (
        <Help
          close={() => {
            help.value = false;
          }}
        />
      )}
      <Said />
    </div>
  );
}
