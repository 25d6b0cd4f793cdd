import type { Channel, Message, Result } from '../civic';
import { channels } from '../civic';
import { applied, type Change, isRefusal, merged, type Refusal, refuse } from './change';
import { longest, tidy } from './words';

/** The texts themselves live beside the report; a prediction shows its own. */
function words(c: Change): string | Refusal {
  const text = tidy('text', c.edit.args.text, longest.text);
  if (isRefusal(text)) return text;
  return text || refuse('missing', { field: 'text' });
}

export function note(c: Change): Result {
  const text = words(c);
  if (isRefusal(text)) return text;
  c.next.notes = { ...c.next.notes, [c.edit.id]: { ...c.by(), at: c.now, text } };
  return applied;
}

export function reply(c: Change): Result {
  const text = words(c);
  if (isRefusal(text)) return text;
  // Words for everybody wait, unless who wrote them speaks for the town.
  const open = c.edit.args.public === true;
  const held = open && !c.answers;
  say(c, text, { ...(open ? { public: true } : {}), ...(held ? { held } : {}) });
  if (held) return applied;
  if (!c.next.replied && c.actor.role !== 'system') c.next.replied = c.now;
  return applied;
}

export function message(c: Change): Result {
  const text = words(c);
  if (isRefusal(text)) return text;
  // What is said by the code alone waits until a person has looked.
  say(c, text, c.actor.proof === 'code' ? { held: true } : {});
  return applied;
}

function say(c: Change, text: string, extra: Partial<Message>) {
  const asked = c.edit.args.channel as Channel;
  const usual: Channel =
    c.actor.role === 'citizen' ? 'web' : c.actor.role === 'service' ? 'open311' : 'staff';
  const channel = channels.includes(asked) ? asked : usual;
  c.next.messages = {
    ...c.next.messages,
    [c.edit.id]: { from: c.actor.role, ...c.by(), channel, at: c.now, ...extra, text },
  };
}

/** How many days after the answer a person may say that it is not all right. */
const contestDays = 30;

export function contest(c: Change): Result {
  if (c.actor.role === 'citizen' && c.actor.proof !== 'secret') return refuse('forbidden');
  if (c.open) return merged;
  const closed = new Date(c.before.closed ?? 0);
  closed.setUTCDate(closed.getUTCDate() + contestDays);
  if (new Date(c.now) > closed) return refuse('too_late', { days: contestDays });
  if (c.edit.args.text) {
    const text = words(c);
    if (isRefusal(text)) return text;
    say(c, text, {});
  }
  c.moveTo('acknowledged');
  return applied;
}
