import { type Refusal, refuse } from './change';

/** The longest texts, in characters: those of civic/words.go. */
export const longest = {
  title: 160,
  description: 4000,
  address: 300,
  reason: 1000,
  text: 4000,
} as const;

/** Trims a text, drops control characters, and refuses one that is too long. */
export function tidy(field: string, value: unknown, max: number): string | Refusal {
  if (value === undefined) return '';
  if (typeof value !== 'string') return refuse('bad_edit', { why: 'args' });
  const clean = [...value.replaceAll('\r\n', '\n')]
    .filter((c) => c === '\n' || c === '\t' || (c >= ' ' && c !== '\u007f'))
    .join('')
    .trim();
  return [...clean].length > max ? refuse('too_long', { field, max }) : clean;
}
