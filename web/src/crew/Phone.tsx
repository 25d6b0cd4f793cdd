import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { megabytes } from '../app/format';
import { grant } from '../app/here';
import { changes, client, counts, received } from '../app/live';
import { sun, turnSun } from '../app/theme';
import { shellKept } from '../app/worker';
import { state } from '../basemap/offline';
import { t } from '../text/catalogue';
import { Lang } from '../ui/Lang';
import { SignOut } from '../ui/SignOut';
import { SignOutEverywhere } from '../ui/SignOutEverywhere';
import { Export, Import } from './Export';
import { Install } from './Install';
import { MapFile } from './MapFile';

type Room = { used: number | undefined; safe: boolean; jobs: number };

/** What this phone holds for when there is no network, and how much room it takes. */
export function Phone() {
  changes.value;
  const room = useSignal<Room | undefined>(undefined);
  const c = client.value;
  const map = state.value.is; // what came or went changes the room
  useEffect(() => {
    void measure().then((r) => {
      room.value = r;
    });
  }, [room, c, map]);
  const pictures = c?.pictures ?? [];
  const unsent = c?.waitingPictures ?? [];
  const bytes = (list: { blob: Blob }[]) => list.reduce((n, p) => n + p.blob.size, 0);
  return (
    <>
      <h1>{t('crew.phone.title')}</h1>
      <section class="card stack-small">
        <h2>{t('crew.phone.ready')}</h2>
        <ul class="stack-small">
          <Line
            ok={shellKept.value}
            text={t(shellKept.value ? 'crew.phone.shell' : 'crew.phone.shell_not')}
          />
          <Line
            ok={received.value}
            text={t('crew.phone.jobs', {
              n: c?.views().length ?? 0,
              mb: megabytes(room.value?.jobs ?? 0),
            })}
          />
          <Line
            ok={unsent.length === 0}
            text={
              unsent.length > 0
                ? t('crew.phone.photos', { n: unsent.length, mb: megabytes(bytes(unsent)) })
                : t('crew.phone.photos_none', { mb: megabytes(bytes(pictures)) })
            }
          />
          {room.value && (
            <Line
              ok={room.value.safe}
              text={t(room.value.safe ? 'crew.phone.safe' : 'crew.phone.unsafe')}
            />
          )}
        </ul>
        {room.value?.used !== undefined && (
          <p class="soft">{t('crew.phone.used', { mb: megabytes(room.value.used) })}</p>
        )}
      </section>
      <MapFile />
      <section class="card stack">
        <h2>{t('crew.copy.title')}</h2>
        <p>
          {counts.value.here > 0
            ? t('crew.copy.text', { n: counts.value.here })
            : t('crew.copy.nothing')}
        </p>
        <Export />
        <Import />
      </section>
      <Install />
      <section class="card stack">
        <h2>{t('crew.phone.look')}</h2>
        <label class="choice">
          <input type="checkbox" checked={sun.value} onChange={turnSun} />
          <span>{t('crew.sun')}</span>
        </label>
        <Lang />
      </section>
      <footer class="foot">
        <p class="soft">{t('crew.you', { name: grant.value?.user.name ?? '' })}</p>
        <SignOut />
        <SignOutEverywhere />
      </footer>
    </>
  );
}

async function measure(): Promise<Room> {
  const { usage } = (await navigator.storage?.estimate?.().catch(() => undefined)) ?? {};
  return {
    used: usage,
    safe: (await navigator.storage?.persisted?.().catch(() => false)) ?? false,
    jobs: (await client.value?.reportBytes().catch(() => 0)) ?? 0,
  };
}

function Line({ ok, text }: { ok: boolean; text: string }) {
  return (
    <li class={`held ${ok ? 'good' : 'warn'}`}>
      <span aria-hidden="true">{ok ? '✓' : '!'}</span>
      <span>{text}</span>
    </li>
  );
}
