import { type Refusal, refuse } from './change';

/** The longest texts, in characters: those of civic/words.go. */
export const longest = {
  title: 160,
  description: 4000,
  address: 300,
  reason: 1000,
  text: 4000,
} as const;

/** What no reader sees and no language needs, from and to: that of civic/clean.go, and
 * halves of characters. */
const nobodySees = [
  [0x0, 0x8],
  [0xb, 0x1f],
  [0x7f, 0x9f],
  [0xad, 0xad],
  [0x34f, 0x34f],
  [0x115f, 0x1160],
  [0x17b4, 0x17b5],
  [0x180e, 0x180e],
  [0x200b, 0x200b],
  [0x202a, 0x202e],
  [0x2060, 0x2064],
  [0x2066, 0x206f],
  [0xd800, 0xdfff],
  [0xfeff, 0xfeff],
  [0xfff9, 0xffff],
  [0xe0000, 0xe007f],
] as const;

const seen = (c: string): boolean => {
  const code = c.codePointAt(0) ?? 0;
  return !nobodySees.some(([from, to]) => code >= from && code <= to);
};

/** Cleans and trims a text, and refuses one that is too long. */
export function tidy(field: string, value: unknown, max: number): string | Refusal {
  if (value === undefined) return '';
  if (typeof value !== 'string') return refuse('bad_edit', { why: 'args' });
  const clean = [...value.replace(/\r\n?/g, '\n')].filter(seen).join('').trim();
  return [...clean].length > max ? refuse('too_long', { field, max }) : clean;
}
