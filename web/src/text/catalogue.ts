import { signal } from '@preact/signals';
import coreEn from '@text/en/core.json';
import crewEn from '@text/en/crew.json';
import deskEn from '@text/en/desk.json';
import errorEn from '@text/en/error.json';
import coreIt from '@text/it/core.json';
import crewIt from '@text/it/crew.json';
import deskIt from '@text/it/desk.json';
import errorIt from '@text/it/error.json';

/** Every sentence of the staff apps, by language: the catalogue of the folder
 * text, whose keys the compiler knows. */
const it = { ...coreIt, ...crewIt, ...deskIt, ...errorIt };
export type Key = keyof typeof it;
type Sentence = string | { one: string; other: string };
const en: Record<Key, Sentence> = { ...coreEn, ...crewEn, ...deskEn, ...errorEn };

export type Lang = 'it' | 'en';
export const langs: Lang[] = ['it', 'en'];

/** Kept over visits; without it the browser's wish, then Italian. */
const place = 'segnavia.lang';

function chosen(): Lang {
  const wishes = [
    globalThis.localStorage?.getItem(place),
    ...(globalThis.navigator?.languages ?? []),
  ];
  for (const wish of wishes) {
    const base = wish?.slice(0, 2).toLowerCase();
    if (base === 'it' || base === 'en') return base;
  }
  return 'it';
}

export const lang = signal<Lang>(chosen());

export function choose(l: Lang) {
  lang.value = l;
  localStorage.setItem(place, l);
}

export type Args = Record<string, string | number>;

/** The sentence of a key in the reader's language, filled. */
export function t(key: Key, args: Args = {}): string {
  const sentence: Sentence = (lang.value === 'en' ? en : (it as Record<Key, Sentence>))[key] ?? key;
  const text =
    typeof sentence === 'string' ? sentence : args.n === 1 ? sentence.one : sentence.other;
  return text.replace(/\{(\w+)\}/g, (whole, name) => String(args[name] ?? whole));
}

/** The sentence of a key made at run time, or undefined where there is none. */
export const maybe = (key: string, args: Args = {}): string | undefined =>
  key in it ? t(key as Key, args) : undefined;
