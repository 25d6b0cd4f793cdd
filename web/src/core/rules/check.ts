import type { Result } from '../civic';
import { type Change, isRefusal, merged, refuse } from './change';
import { longest, tidy } from './words';

export function check(c: Change): Result {
  const item = tidy('item', c.edit.args.item, 80);
  if (isRefusal(item)) return item;
  const value = tidy('value', c.edit.args.value, longest.reason);
  if (isRefusal(value)) return value;
  if (!item) return refuse('missing', { field: 'item' });
  const list = c.service?.checklist ?? [];
  if (list.length > 0 && !list.some((line) => line.item === item)) {
    return refuse('unknown_value', { field: 'item' });
  }
  const was = c.before.checklist?.[item]?.value ?? '';
  if (was === value) return merged;
  c.next.checklist = { ...c.next.checklist, [item]: { value, ...c.by(), at: c.now } };
  c.touch(`check:${item}`);
  return c.appliedOver(`check:${item}`, was);
}
