import { useSignal } from '@preact/signals';
import { away } from '../app/away';
import { connection } from '../app/live';
import { route } from '../app/router';
import { signIn } from '../app/sign';
import { t } from '../text/catalogue';
import { Code } from './Code';
import { Icon } from './Icon';
import { Lang } from './Lang';
import { Mark } from './Mark';
import { Notice } from './Notice';
import { trouble } from './trouble';

type Props = { again?: boolean; byCode?: boolean };

export function SignIn({ again = false, byCode = false }: Props) {
  const busy = useSignal(false);
  const wrong = useSignal('');
  const shown = useSignal(false);
  const submit = async (e: SubmitEvent) => {
    e.preventDefault();
    const form = new FormData(e.currentTarget as HTMLFormElement);
    busy.value = true;
    wrong.value = '';
    try {
      await signIn(String(form.get('login')).trim(), String(form.get('password')));
      if (again && route.value[0] === 'sign-in') history.back();
    } catch (err) {
      wrong.value = trouble(err, 'core.sign_in.no_network');
    }
    busy.value = false;
  };
  return (
    <main class="sign-in" id="content">
      <div class="stack">
        {again && (
          <button type="button" class="button plain back" onClick={() => history.back()}>
            <Icon name="back" />
            {t('core.back')}
          </button>
        )}
        {byCode && (
          <>
            <Mark />
            <Code />
          </>
        )}
        <form class="card stack" onSubmit={submit} aria-busy={busy.value}>
          {!byCode && <Mark />}
          <h1>{t('core.sign_in.title')}</h1>
          {again && <Again />}
          <SignedOut />
          <div role="alert">{wrong.value && <Notice kind="danger">{wrong.value}</Notice>}</div>
          <div class="field">
            <label for="login">{t('core.sign_in.login')}</label>
            <input
              id="login"
              name="login"
              class="input"
              autocomplete="username"
              autocapitalize="none"
              spellcheck={false}
              required
            />
          </div>
          <div class="field">
            <label for="password">{t('core.sign_in.password')}</label>
            <input
              id="password"
              name="password"
              class="input"
              type={(shown.value ? 'text' : 'password') as 'password'}
              autocomplete="current-password"
              required
            />
          </div>
          <label class="choice">
            <input
              type="checkbox"
              checked={shown.value}
              onChange={() => {
                shown.value = !shown.value;
              }}
            />
            {t('core.sign_in.show')}
          </label>
          <button class="button main wide" type="submit" disabled={busy.value}>
            {t(busy.value ? 'core.sign_in.busy' : 'core.sign_in.go')}
          </button>
          <p class="soft small">{t('core.sign_in.help')}</p>
          <Lang />
        </form>
      </div>
    </main>
  );
}

/** Somebody who was signed out everywhere, or has a new password, finds what they did. */
function SignedOut() {
  const who = away.value;
  if (!who) return null;
  return (
    <Notice>
      <div class="stack-small">
        <p>{t('core.sign_in.away')}</p>
        {who.n > 0 && <p>{t('core.sign_in.away_unsent', { n: who.n, name: who.name })}</p>}
      </div>
    </Notice>
  );
}

/** Why somebody who was in has to come in once more. */
function Again() {
  const why = connection.value;
  if (why !== 'sign_in' && why !== 'revoked') return null;
  return (
    <Notice>
      {t(why === 'revoked' ? 'core.sign_in.revoked' : 'core.connection.sign_in_long')}
    </Notice>
  );
}
