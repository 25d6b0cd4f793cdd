import { kept, sweep } from '../basemap/kept';

/** What this device can do without when there is no room for somebody's work:
 * pictures and streets that come again with the network, and half a map. */
export async function makeRoom() {
  await Promise.all([
    ...['media', 'streets'].map((name) => globalThis.caches?.delete(name)),
    sweep(kept()?.sha256),
  ]);
}

/** The photos of cases that were looked at here. */
export async function forgetPhotos() {
  await globalThis.caches?.delete('media');
}

const drafts = 'segnavia.note.';

/** Words that were begun on a job and not yet kept, in case the page ends. */
export const draftOf = (report: string): string => localStorage.getItem(drafts + report) ?? '';

export function keepDraft(report: string, text: string) {
  try {
    if (text) localStorage.setItem(drafts + report, text);
    else localStorage.removeItem(drafts + report);
  } catch {
    // Without it the words are only in the field.
  }
}

/** All of them, by report. */
export const keptDrafts = (): Record<string, string> =>
  Object.fromEntries(
    Object.keys(localStorage)
      .filter((key) => key.startsWith(drafts))
      .map((key) => [key.slice(drafts.length), localStorage.getItem(key) ?? '']),
  );

export function forgetDrafts() {
  for (const report of Object.keys(keptDrafts())) keepDraft(report, '');
}
