import { useSignalEffect } from '@preact/signals';
import { grant, stage } from '../app/here';
import { connection, counts, looks } from '../app/live';
import { follow, route } from '../app/router';
import { sun, turnSun } from '../app/theme';
import { type Key, lang, t } from '../text/catalogue';
import { Connection, ConnectionNotice } from '../ui/Connection';
import { Icon, type IconName } from '../ui/Icon';
import { Lazy } from '../ui/Lazy';
import { Mark } from '../ui/Mark';
import { Notice } from '../ui/Notice';
import { Said } from '../ui/Said';
import { Skeleton } from '../ui/Skeleton';
import { Job } from './Job';
import { Overdue } from './Overdue';
import { Today } from './Today';

export function Shell() {
  useSignalEffect(() => {
    document.documentElement.lang = lang.value;
    document.title = `Segnavia · ${t('crew.title')}`;
  });
  if (stage.value === 'sign_in') return <Lazy from={signIn} />;
  if (stage.value === 'no_store' || stage.value === 'stale') {
    return (
      <main class="sign-in">
        <Notice kind="danger">
          {t(stage.value === 'stale' ? 'core.storage.stale' : 'core.storage.none')}
        </Notice>
      </main>
    );
  }
  const [page = 'today', id] = route.value;
  if (page === 'sign-in' && connection.value !== 'live') return <Lazy from={signInAgain} />;
  if (connection.value === 'revoked') return <Lazy from={revoked} />;
  return (
    <>
      <a class="skip" href="#content">
        {t('core.skip')}
      </a>
      <header class="top">
        <Mark />
        <Connection />
        <button
          type="button"
          class="button plain sun"
          aria-pressed={sun.value}
          aria-label={t('crew.sun')}
          onClick={turnSun}
        >
          <Icon name="sun" />
        </button>
      </header>
      <main id="content" class="page stack" tabIndex={-1}>
        <Overdue />
        <ConnectionNotice />
        {connection.value === 'sign_in' && grant.value && (
          <Notice kind="warn">
            {t('core.connection.sign_in_long')}{' '}
            <a class="link" href="/crew/sign-in" onClick={follow}>
              {t('core.sign_in.go')}
            </a>
          </Notice>
        )}
        {stage.value === 'opening' ? <Skeleton /> : <Page page={page} id={id} />}
      </main>
      <nav class="tabs" aria-label={t('crew.nav')}>
        <Tab to="/crew" name="today" icon="list" here={page === 'today' || page === 'job'} />
        <Tab to="/crew/map" name="map" icon="map" here={page === 'map'} />
        <Tab
          to="/crew/queue"
          name="queue"
          icon="outbox"
          here={page === 'queue'}
          count={counts.value.here}
          wants={looks.value.length}
        />
        <Tab to="/crew/phone" name="phone" icon="device" here={page === 'phone'} />
      </nav>
      <Said />
    </>
  );
}

// What a day begins without.
const map = () => import('./MapPage').then((m) => m.MapPage);
const queue = () => import('./Queue').then((m) => m.Queue);
const phone = () => import('./Phone').then((m) => m.Phone);
const revoked = () => import('./Revoked').then((m) => m.Revoked);
const signIn = () => import('./SignIns').then((m) => m.First);
const signInAgain = () => import('./SignIns').then((m) => m.Again);

function Page({ page, id }: { page: string; id: string | undefined }) {
  switch (page) {
    case 'job':
      return id ? <Job key={id} id={id} /> : <Today />;
    case 'map':
      return <Lazy from={map} />;
    case 'queue':
      return <Lazy from={queue} />;
    case 'phone':
      return <Lazy from={phone} />;
    default:
      return <Today />;
  }
}

type TabProps = {
  to: string;
  name: string;
  icon: IconName;
  here: boolean;
  count?: number;
  wants?: number;
};

function Tab({ to, name, icon, here, count = 0, wants = 0 }: TabProps) {
  return (
    <a class="tab" href={to} onClick={follow} aria-current={here ? 'page' : undefined}>
      <Icon name={icon} />
      <span>{t(`crew.nav.${name}` as Key)}</span>
      {wants > 0 && (
        <span class="tab-count wants">
          <span aria-hidden="true">!</span>
          <span class="unseen">{t('crew.nav.look', { n: wants })}</span>
        </span>
      )}
      {count > 0 && (
        <span class="tab-count">
          <span aria-hidden="true">{count}</span>
          <span class="unseen">{t('core.pending', { n: count })}</span>
        </span>
      )}
    </a>
  );
}
