import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { capture } from '../app/capture';
import type { ShotBody, ShotsBody } from '../core/api';
import type { Report } from '../core/civic';
import { t } from '../text/catalogue';
import { Icon } from '../ui/Icon';
import { Notice } from '../ui/Notice';
import { ask } from './call';

/** For a case without a place: where its photos were taken, to be taken for it.
 * Cameras' positions are the office's alone, so they are asked for, never synced. */
export function Shots({ report: r }: { report: Report }) {
  const shots = useSignal<ShotBody[]>([]);
  const photos = Object.keys(r.photos ?? {}).join();
  useEffect(() => {
    if (!photos) return;
    let left = false;
    ask<ShotsBody>(`/api/v1/reports/${r.id}/shots`)
      .then((b) => {
        if (!left) shots.value = b.shots ?? [];
      })
      .catch(() => {}); // without network there is no suggestion
    return () => {
      left = true;
    };
  }, [r.id, photos, shots]);
  const take = async ({ lon, lat, place }: ShotBody) => {
    const placed = await capture(
      r.id,
      'set',
      { field: 'location', value: { lon, lat }, base: null },
      t('desk.saved'),
    );
    if (placed && place && !r.address) {
      await capture(r.id, 'set', { field: 'address', value: place, base: '' });
    }
  };
  // Several photos of one spot are one suggestion.
  const seen = new Set<string>();
  const spots = shots.value.filter((s) => {
    const key = s.place || `${s.lon.toFixed(3)} ${s.lat.toFixed(3)}`;
    return !seen.has(key) && seen.add(key);
  });
  return (
    <>
      {spots.map((s) => (
        <Notice key={s.sha256}>
          <p>{t('desk.shot', { place: s.place || `${s.lat.toFixed(5)}, ${s.lon.toFixed(5)}` })}</p>
          <button type="button" class="button" onClick={() => void take(s)}>
            <Icon name="pin" />
            {t('desk.shot.take')}
          </button>
        </Notice>
      ))}
    </>
  );
}
