import type { Words } from '../app/away';

const prefix = 'segnavia.note.';

/** Words that were begun on a job and not yet kept, in case the page ends. */
export const draftOf = (report: string): string => localStorage.getItem(prefix + report) ?? '';

/** Whether they are kept; without it the words are only in the field. */
export function keepDraft(report: string, text: string): boolean {
  try {
    if (text) localStorage.setItem(prefix + report, text);
    else localStorage.removeItem(prefix + report);
    return true;
  } catch {
    return false;
  }
}

const kept = (): Record<string, string> =>
  Object.fromEntries(
    Object.keys(localStorage)
      .filter((key) => key.startsWith(prefix))
      .map((key) => [key.slice(prefix.length), draftOf(key.slice(prefix.length))]),
  );

/** Words come back beside those that were begun since. */
const together = (report: string, text: string): string => {
  const here = draftOf(report);
  if (here.includes(text)) return here;
  return here ? `${text}\n\n${here}` : text;
};

/** All of them, by report. */
export const words: Words = {
  kept,
  keep: (drafts) =>
    Object.entries(drafts)
      .map(([report, text]) => keepDraft(report, together(report, text)))
      .every(Boolean),
  forget() {
    for (const report of Object.keys(kept())) keepDraft(report, '');
  },
};
