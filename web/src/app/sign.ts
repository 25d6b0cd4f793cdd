import { Problem } from '../core/exchange';
import { Signing } from '../core/signing';
import type { Grant } from '../core/store';
import { tellTabs } from '../core/tabs';
import { lang, t } from '../text/catalogue';
import { enter, hide, left, named, opened } from './here';
import { client } from './live';
import { forgetPhotos } from './room';

const auth = new Signing('', () => lang.value);

/** What the office's list of phones calls this one: «Android · Chrome». */
const deviceName = () =>
  [/Android|iPhone|iPad|Windows|Mac|CrOS|Linux/, /Firefox|Edg|Chrome|Safari/]
    .flatMap((kind) => navigator.userAgent.match(kind)?.[0] ?? [])
    .join(' · ')
    .replace('Edg', 'Edge') || opened().app.name;

/** Opens the store for who has just shown who they are. Somebody else's list never
 * passes to the next person, and what they did is not thrown away for it. */
async function admit(g: Grant) {
  const { store } = opened();
  const before = await store.grant();
  if (before && before.user.id !== g.user.id) {
    const n = await store.unsent();
    if (n > 0) {
      const text = t('core.sign_in.other_unsent', { name: before.user.name, n });
      throw new Problem(409, 'other_unsent', text);
    }
    client.value?.stop();
    await forget();
  }
  client.value?.stop();
  await store.keepGrant(g);
  await enter(g);
  client.value?.signedIn();
}

export async function signIn(login: string, password: string) {
  await admit(await auth.signIn(login, password, deviceName()));
}

/** Whether a session of this browser lets somebody in. */
export async function signInBySession(): Promise<boolean> {
  const session = await auth.already(deviceName());
  if (session) await admit(session);
  return session !== undefined;
}

export async function signInByCode(code: string) {
  await admit(await auth.byCode(code.trim(), deviceName()));
}

async function forget() {
  const { app, store } = opened();
  await store.wipe();
  app.words?.forget();
  await forgetPhotos().catch(() => {});
}

/** Ends every session and device of the person, this one too. What was not sent waits
 * here for them. It throws a Problem, or a NoNetwork. */
export async function signOutEverywhere() {
  const { app, store } = opened();
  const g = await store.grant();
  if (!g) return;
  await auth.signOutEverywhere(g);
  // Where it cannot be written the town says it again.
  await store.write([{ w: 'signed_out', device: g.device }]).catch(() => {});
  tellTabs(named(app), 'left');
  await left(g);
}

export async function signOut() {
  client.value?.stop();
  await auth.signOut();
  await forget();
  tellTabs(named(opened().app), 'left');
  hide();
}
