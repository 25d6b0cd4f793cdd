import { signal } from '@preact/signals';
import type coreIt from '@text/it/core.json';
import type crewIt from '@text/it/crew.json';
import type deskIt from '@text/it/desk.json';
import type errorIt from '@text/it/error.json';

/** The sentences of the staff apps: the catalogue of the folder text, whose keys the
 * compiler knows. An app brings its own part of it, in one language at a time. */
export type Key = keyof (typeof coreIt & typeof crewIt & typeof deskIt & typeof errorIt);
export type Sentence = string | { one: string; other: string };
export type Words = Partial<Record<Key, Sentence>>;

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
const words = signal<Words>({});

type Bring = (l: Lang) => Promise<Words>;
let bring: Bring = async () => ({});

/** Brings the words of an app, before anything is shown. */
export async function speak(from: Bring) {
  bring = from;
  words.value = await bring(lang.value);
}

export async function choose(l: Lang) {
  const next = await bring(l);
  words.value = next;
  lang.value = l;
  localStorage.setItem(place, l);
}

export type Args = Record<string, string | number>;

/** The sentence of a key in the reader's language, filled. */
export function t(key: Key, args: Args = {}): string {
  const sentence: Sentence = words.value[key] ?? key;
  const text =
    typeof sentence === 'string' ? sentence : args.n === 1 ? sentence.one : sentence.other;
  return text.replace(/\{(\w+)\}/g, (whole, name) => String(args[name] ?? whole));
}

/** The sentence of a key made at run time, or undefined where there is none. */
export const maybe = (key: string, args: Args = {}): string | undefined =>
  key in words.value ? t(key as Key, args) : undefined;
