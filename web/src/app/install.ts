import { signal } from '@preact/signals';

/** What Chromium gives to a page that may be installed. */
type Prompt = Event & { prompt(): Promise<void>; userChoice: Promise<{ outcome: string }> };

const place = 'segnavia.install';
const againMs = 30 * 24 * 3600 * 1000;

/** How this page can be put among the phone's apps: by a button, by the browser's own
 * menu, or not at all because it is there. */
export const install = signal<'ask' | 'menu' | undefined>(undefined);

let prompt: Prompt | undefined;

const installed = () =>
  matchMedia('(display-mode: standalone)').matches ||
  (navigator as { standalone?: boolean }).standalone === true;

const later = () => Date.now() - Number(localStorage.getItem(place) ?? 0) < againMs;

export function listenForInstall() {
  if (installed()) return;
  addEventListener('beforeinstallprompt', (e) => {
    e.preventDefault();
    prompt = e as Prompt;
    if (!later()) install.value = 'ask';
  });
  addEventListener('appinstalled', () => {
    install.value = undefined;
  });
  // Apple's browsers ask nobody: a person finds it in their menu.
  if (/iPhone|iPad/.test(navigator.userAgent) && !later()) install.value = 'menu';
}

export async function askInstall() {
  await prompt?.prompt();
  const choice = await prompt?.userChoice;
  if (choice?.outcome === 'accepted') install.value = undefined;
}

export function notNow() {
  localStorage.setItem(place, String(Date.now()));
  install.value = undefined;
}
