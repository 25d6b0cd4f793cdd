import {
  isDocument,
  isOpen,
  isStatus,
  type Report,
  type Result,
  type Role,
  type Status,
} from '../civic';
import { isLegal, mayTake } from '../steps';
import { applied, type Change, isRefusal, merged, type Refusal, refuse } from './change';
import { longest, tidy } from './words';

/** Whose step decides an open conflict over the status. */
const office: Role[] = ['operator', 'foreman', 'admin', 'system'];

const month = /^20\d{2}-(0[1-9]|1[0-2])$/;

export function transition(c: Change): Result {
  const { to } = c.edit.args as { to: Status };
  if (!isStatus(to)) return refuse('unknown_value', { field: 'status' });
  const reason = tidy('reason', c.edit.args.reason, longest.reason);
  if (isRefusal(reason)) return reason;
  const why = tidy('why', c.edit.args.why, longest.reason);
  if (isRefusal(why)) return why;
  const now = c.before.status as Status;
  if (now === to) return merged;
  const waiting = c.before.waiting;
  const elsewhere = now === 'waiting' && isOpen(to) && waiting !== undefined && to !== waiting.was;
  if (!isLegal(now, to) || elsewhere) {
    if (c.newer('status')) return c.conflict('status', to, now);
    return refuse('illegal_step', { from: now, to });
  }
  if (!mayTake(c.actor.role, now, to)) return refuse('forbidden');
  if (c.actor.role === 'citizen' && c.actor.proof !== 'secret') return refuse('forbidden');
  const missing = demands(c, to, reason);
  if (missing) return missing;
  c.moveTo(to);
  if (office.includes(c.actor.role)) c.settle('status');
  if (to === 'planned') {
    c.next.planned = { month: c.edit.args.month as string, ...(why ? { why } : {}) };
  } else if (to === 'waiting') {
    c.next.waiting = { for: c.edit.args.for as string, was: now, since: c.now };
  } else if ((to === 'resolved' || to === 'rejected') && reason) c.next.reason = reason;
  else if (to === 'resolved' || to === 'rejected') delete c.next.reason;
  return applied;
}

/** What the target status asks for. */
function demands(c: Change, to: Status, reason: string): Refusal | undefined {
  const { args } = c.edit;
  switch (to) {
    case 'resolved':
      return reason || hasAfterPhoto(c.next) ? undefined : refuse('proof_wanted');
    case 'rejected':
      return reason ? undefined : refuse('reason_wanted');
    case 'planned':
      return typeof args.month === 'string' && month.test(args.month)
        ? undefined
        : refuse('invalid', { field: 'month' });
    case 'waiting':
      return args.for === 'citizen' || args.for === 'body'
        ? undefined
        : refuse('unknown_value', { field: 'for' });
    case 'in_progress':
      return checklistFirst(c);
    default:
      return undefined;
  }
}

function checklistFirst(c: Change): Refusal | undefined {
  const open = c.service?.checklist?.find(
    (line) => line.blocks && !c.next.checklist?.[line.item]?.value,
  );
  return open ? refuse('checklist_first', { item: open.item }) : undefined;
}

/** A picture of the finished work is proof at once, before its bytes come. */
export const hasAfterPhoto = (r: Report): boolean =>
  Object.values(r.photos ?? {}).some(
    (p) => p.stage === 'after' && p.state !== 'rejected' && !isDocument(p),
  );
