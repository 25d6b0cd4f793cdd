import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { PinBody, PinStateBody } from '../core/api';
import type { Report } from '../core/civic';
import { uuid7 } from '../core/uuid7';
import { t } from '../text/catalogue';
import { Notice } from '../ui/Notice';
import { trouble } from '../ui/trouble';
import { ask, call } from './call';
import { Sure } from './Sure';

/** Another PIN for somebody who calls and has lost theirs: shown once, to be read aloud.
 * Which cases have one, and who may renew it, the server says. */
export function Pin({ report: r }: { report: Report }) {
  const sure = useSignal(false);
  const fresh = useSignal<PinBody | undefined>(undefined);
  const wrong = useSignal('');
  const renewable = useSignal(false);
  useEffect(() => {
    let left = false;
    ask<PinStateBody>(`/api/v1/reports/${r.id}/pin`)
      .then((state) => {
        if (!left) renewable.value = state.renewable;
      })
      .catch(() => {
        // Without an answer nothing is offered; renewing would need the network too.
      });
    return () => {
      left = true;
    };
  }, [r.id, r.erased, renewable]);
  if (!renewable.value) return null;
  const renew = async () => {
    wrong.value = '';
    try {
      fresh.value = await call<PinBody>('POST', `/api/v1/reports/${r.id}/pin`, { edit: uuid7() });
    } catch (err) {
      wrong.value = trouble(err, 'desk.pin.no_network');
    }
    return true;
  };
  return (
    <section class="card stack-small">
      <h2>{t('desk.pin.lost')}</h2>
      <button
        type="button"
        class="button"
        onClick={() => {
          sure.value = true;
        }}
      >
        {t('desk.pin.renew')}
      </button>
      <div aria-live="polite">
        {fresh.value && (
          <div class="stack-small">
            <p>{t('desk.pin.read')}</p>
            <p class="code strong" data-pin>
              {fresh.value.spoken} · {fresh.value.pin}
            </p>
          </div>
        )}
      </div>
      <div role="alert">{wrong.value && <Notice kind="danger">{wrong.value}</Notice>}</div>
      {sure.value && (
        <Sure
          title={t('desk.pin.renew')}
          words={t('desk.pin.renew_sure')}
          act={renew}
          close={() => {
            sure.value = false;
          }}
        />
      )}
    </section>
  );
}
