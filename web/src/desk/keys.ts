import { signal } from '@preact/signals';

/** Single keys can be switched off (WCAG 2.1.4), and stay so. */
const place = 'segnavia.shortcuts';

export const shortcuts = signal(localStorage.getItem(place) !== 'off');

export function useShortcuts(on: boolean) {
  shortcuts.value = on;
  localStorage.setItem(place, on ? 'on' : 'off');
}

const writes = 'input, textarea, select, [contenteditable]';

/** Calls what a key stands for, unless somebody is writing or a dialog is open. */
export function listenForKeys(keys: Record<string, () => void>): () => void {
  const pressed = (e: KeyboardEvent) => {
    if (!shortcuts.value || e.ctrlKey || e.metaKey || e.altKey || e.defaultPrevented) return;
    const at = e.target as Element | null;
    if (at?.closest(writes) || document.querySelector('dialog[open]')) return;
    const act = keys[e.key];
    if (!act) return;
    e.preventDefault();
    act();
  };
  addEventListener('keydown', pressed);
  return () => removeEventListener('keydown', pressed);
}
