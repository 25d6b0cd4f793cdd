import { town } from '../app/live';
import type { Edit } from '../core/civic';
import { spoken } from '../core/code';
import { type Key, maybe, t } from '../text/catalogue';
import { stageName } from '../ui/Photo';
import { priorityName } from '../ui/Priority';

const fieldName = (f: string): string => maybe(`crew.field.${f}`) ?? f.replace(/^check:/, '');

/** A value of a field as a person says it. */
export function valueInWords(field: string, value: unknown): string {
  if (field === 'status') return maybe(`core.status.${value}`) ?? String(value);
  if (field === 'priority') return priorityName(String(value ?? ''));
  if (field === 'service') return town.value.services[String(value)]?.name ?? String(value);
  if (field === 'assignment') {
    const { team } = (value ?? {}) as { team?: string };
    return town.value.teams[team ?? '']?.name ?? t('core.unknown');
  }
  if (field === 'location' && value && typeof value === 'object') {
    const { lon, lat } = value as { lon: number; lat: number };
    return `${lat}, ${lon}`;
  }
  if (value === true || value === 'yes') return '✓';
  if (value === 'no') return t('crew.queue.no');
  return value === '' || value === undefined || value === null || value === false
    ? '–'
    : String(value);
}

/** The code that a label begins with, as the outbox keeps it. */
const code = /^[A-Z]{2}\d{8}/;

/** What the outbox calls a report, with its code as it is spoken. */
export const spokenLabel = (label: string): string => label.replace(code, spoken);

/** A line of a checklist by its name. */
const checkName = (item: string): string =>
  Object.values(town.value.services)
    .flatMap((s) => s.checklist ?? [])
    .find((c) => c.item === item)?.name ?? item;

/** One's own side of a conflict, as a value beside the other one. */
export function mineInWords(e: Edit): string {
  const a = e.args as Record<string, string>;
  if (e.kind === 'transition') return valueInWords('status', a.to);
  if (e.kind === 'set') return valueInWords(a.field ?? '', a.value);
  if (e.kind === 'check') return valueInWords('check', a.value);
  return editInWords(e);
}

/** What an edit does, in a line. */
export function editInWords(e: Edit): string {
  const a = e.args as Record<string, string>;
  const line = (value: string, more: Record<string, string> = {}) =>
    t((`crew.edit.${e.kind}` in known ? `crew.edit.${e.kind}` : 'crew.edit.other') as Key, {
      value,
      ...more,
    });
  switch (e.kind) {
    case 'transition':
      return line(valueInWords('status', a.to));
    case 'assign':
      return line(valueInWords('assignment', a));
    case 'set':
      return line(valueInWords(a.field ?? '', a.value), { field: fieldName(a.field ?? '') });
    case 'check':
      return line(`${checkName(a.item ?? '')} ${valueInWords('check', a.value)}`);
    case 'attach':
      return line(stageName(a.stage ?? 'report'));
    case 'note':
    case 'reply':
      return line(short(a.text ?? ''));
    default:
      return line('');
  }
}

const known = Object.fromEntries(
  ['transition', 'assign', 'set', 'check', 'note', 'reply', 'attach', 'publish', 'hide'].map(
    (k) => [`crew.edit.${k}`, true],
  ),
);

const short = (text: string) => (text.length > 90 ? `${text.slice(0, 87)}…` : text);
