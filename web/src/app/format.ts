import { lang, t } from '../text/catalogue';
import { now } from './clock';
import type { Due } from './due';
import { grant } from './here';

const locale = () => (lang.value === 'en' ? 'en-GB' : 'it-IT');
const zone = () => grant.value?.jurisdiction.zone || 'Europe/Rome';

const formats = new Map<string, Intl.DateTimeFormat>();

function show(at: string | number, options: Intl.DateTimeFormatOptions): string {
  const key = `${locale()} ${zone()} ${JSON.stringify(options)}`;
  let f = formats.get(key);
  if (!f) {
    f = new Intl.DateTimeFormat(locale(), { timeZone: zone(), ...options });
    formats.set(key, f);
  }
  const date = new Date(at);
  return Number.isNaN(date.getTime()) ? '' : f.format(date);
}

/** The year is said only where it is not this one. */
const year = (at: string | number): Intl.DateTimeFormatOptions =>
  new Date(at).getFullYear() === new Date(now.value).getFullYear() ? {} : { year: 'numeric' };

export const day = (at: string | number) =>
  show(at, { day: 'numeric', month: 'long', ...year(at) });
export const time = (at: string | number) => show(at, { hour: '2-digit', minute: '2-digit' });
export const dayAndTime = (at: string | number) =>
  show(at, { day: 'numeric', month: 'short', ...year(at), hour: '2-digit', minute: '2-digit' });
export const month = (yearMonth: string) =>
  show(`${yearMonth}-15T12:00:00Z`, { month: 'long', year: 'numeric' });
const dayKey = (at: number) => show(at, { year: 'numeric', month: '2-digit', day: '2-digit' });

const dayMs = 24 * 3600 * 1000;

/** A deadline in words: the colour and the icon say the same again. */
export function dueInWords(due: Due): string {
  if (due.state === 'paused') return t('core.deadline.paused');
  const today = dayKey(now.value) === dayKey(due.at);
  if (due.state === 'over') {
    if (today) return t('core.deadline.over_today', { time: time(due.at) });
    const n = Math.max(1, Math.round((now.value - due.at) / dayMs));
    if (n >= 60) return t('core.deadline.over_months', { n: Math.round(n / 30.4) });
    return t('core.deadline.over', { n });
  }
  if (today) return t('core.deadline.today', { time: time(due.at) });
  if (dayKey(now.value + dayMs) === dayKey(due.at)) {
    return t('core.deadline.tomorrow', { time: time(due.at) });
  }
  return t('core.deadline.by', { day: day(due.at) });
}

/** Bytes as megabytes; small things are not nothing. */
export const megabytes = (bytes: number): string =>
  new Intl.NumberFormat(locale(), {
    maximumFractionDigits: bytes < 10e6 ? 1 : 0,
    minimumFractionDigits: bytes > 0 && bytes < 10e6 ? 1 : 0,
  }).format(bytes > 0 ? Math.max(bytes / 1e6, 0.1) : 0);

export const metres = (m: number): string =>
  m < 950
    ? t('core.distance.metres', { n: Math.max(10, Math.round(m / 10) * 10) })
    : t('core.distance.kilometres', {
        n: new Intl.NumberFormat(locale(), { maximumFractionDigits: 1 }).format(m / 1000),
      });

/** How much a file weighs, in the reader's figures: "340 kB", "1,2 MB". */
export const weight = (bytes: number): string =>
  bytes < 1e6
    ? `${Math.max(1, Math.round(bytes / 1000))} kB`
    : `${(bytes / 1e6).toLocaleString(locale(), { minimumFractionDigits: 1, maximumFractionDigits: 1 })} MB`;
