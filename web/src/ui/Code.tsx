import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { codeTrouble } from '../app/here';
import { canScan, codeIn, scan } from '../app/scan';
import { signInByCode } from '../app/sign';
import { Problem } from '../core/exchange';
import { t } from '../text/catalogue';
import { Icon } from './Icon';
import { Notice } from './Notice';
import { trouble } from './trouble';

const inWords = (err: unknown): string =>
  err instanceof Problem && err.code === 'token'
    ? t('core.code.wrong')
    : trouble(err, 'core.sign_in.no_network');

/** Lets this phone in by the code that an administrator made: scanned, or typed. */
export function Code() {
  const busy = useSignal(false);
  const wrong = useSignal(codeTrouble.value ? inWords(codeTrouble.value) : '');
  const scanning = useSignal(false);
  const scans = useSignal(false);
  useEffect(
    () =>
      void canScan().then((yes) => {
        scans.value = yes;
      }),
    [scans],
  );
  const enter = async (text: string) => {
    busy.value = true;
    wrong.value = '';
    try {
      await signInByCode(codeIn(text));
    } catch (err) {
      wrong.value = inWords(err);
    }
    busy.value = false;
  };
  const submit = (e: SubmitEvent) => {
    e.preventDefault();
    void enter(String(new FormData(e.currentTarget as HTMLFormElement).get('code')));
  };
  return (
    <details class="card code-entry" open={codeTrouble.value !== undefined}>
      <summary>
        <Icon name="scan" />
        <span class="strong">{t('core.code.title')}</span>
      </summary>
      <form class="stack" onSubmit={submit} aria-busy={busy.value}>
        <p>{t('core.code.lead')}</p>
        <div role="alert">{wrong.value && <Notice kind="danger">{wrong.value}</Notice>}</div>
        {scanning.value ? (
          <Camera
            found={(text) => {
              scanning.value = false;
              void enter(text);
            }}
            failed={() => {
              scanning.value = false;
              wrong.value = t('core.code.no_camera');
            }}
          />
        ) : (
          scans.value && (
            <button
              type="button"
              class="button wide"
              onClick={() => {
                scanning.value = true;
              }}
            >
              <Icon name="camera" />
              {t('core.code.scan')}
            </button>
          )
        )}
        <div class="field">
          <label for="code">{t('core.code.label')}</label>
          <input
            id="code"
            name="code"
            class="input code"
            autocomplete="one-time-code"
            autocapitalize="characters"
            spellcheck={false}
            maxLength={200}
            required
          />
        </div>
        <button class="button main wide" type="submit" disabled={busy.value}>
          {t(busy.value ? 'core.sign_in.busy' : 'core.code.go')}
        </button>
      </form>
    </details>
  );
}

function Camera({ found, failed }: { found: (text: string) => void; failed: () => void }) {
  const video = useRef<HTMLVideoElement>(null);
  useEffect(() => {
    const stop = video.current ? scan(video.current, found, failed) : undefined;
    return () => stop?.();
  }, [found, failed]);
  return <video ref={video} class="scan" playsInline muted aria-label={t('core.code.scan')} />;
}
