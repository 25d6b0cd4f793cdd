import type { Actor, Edit, Report, Result, Role } from '../civic';
import { assign } from './assign';
import { attach } from './attach';
import { answerers, Change, type Rules, refuse } from './change';
import { check } from './check';
import { copy } from './copy';
import { set } from './set';
import { contest, message, note, reply } from './talk';
import { transition } from './transition';

const workers: Role[] = [...answerers, 'crew', 'contractor'];
const everyone: Role[] = [...workers, 'citizen', 'service'];

/** The kinds that a client predicts. The others are the server's to decide. */
const kinds = new Map<string, { roles: Role[]; apply: (c: Change) => Result }>(
  Object.entries({
    transition: { roles: everyone, apply: transition },
    assign: { roles: [...answerers, 'crew'], apply: assign },
    set: { roles: workers, apply: set },
    check: { roles: workers, apply: check },
    note: { roles: workers, apply: note },
    reply: { roles: workers, apply: reply },
    message: { roles: ['citizen', 'service'], apply: message },
    attach: { roles: everyone, apply: attach },
    contest: { roles: ['citizen', 'service'], apply: contest },
  }),
);

export const predictable = (kind: string): boolean => kinds.has(kind);

/**
 * Predicts what civic.Apply will decide. It is pure: the report is left as it
 * was. Effects beyond the report, deadlines and districts are the server's.
 */
export function apply(
  rules: Rules,
  report: Report,
  edit: Edit,
  actor: Actor,
  now: string,
): { report: Report; result: Result } {
  const next = copy(report);
  const c = new Change(rules, report, next, edit, actor, now);
  const result = decide(c);
  if (result.status === 'refused') return { report, result };
  if (result.status === 'merged') return { report, result: { ...result, rev: report.rev } };
  next.rev = report.rev + 1;
  for (const field of c.touched) {
    next.changed = {
      ...next.changed,
      [field]: {
        rev: next.rev,
        ...c.by(),
        ...(actor.device ? { device: actor.device } : {}),
        role: actor.role,
        at: now,
      },
    };
  }
  return { report: next, result: { ...result, rev: next.rev } };
}

function decide(c: Change): Result {
  const kind = kinds.get(c.edit.kind);
  if (!kind) return refuse('unknown_edit', { kind: c.edit.kind });
  // Unknown and forbidden are refused alike.
  if (c.before.rev === 0 || !mayTouch(c)) return refuse('unknown_report');
  if (c.before.erased && c.actor.role === 'citizen') return refuse('erased');
  if (!kind.roles.includes(c.actor.role)) return refuse('forbidden');
  return kind.apply(c);
}

function mayTouch(c: Change): boolean {
  const { actor, before } = c;
  if (answerers.includes(actor.role)) return true;
  if (actor.role === 'service')
    return (
      (!!actor.every && !!before.visible) ||
      (!!actor.client && before.source?.client === actor.client)
    );
  if (actor.role === 'citizen') return !!actor.proof;
  if (actor.role !== 'crew' && actor.role !== 'contractor') return false;
  const teams = actor.teams ?? [];
  if (before.team && teams.includes(before.team)) return true;
  // What a former team did late is the server's to decide, by its own records.
  return !!actor.user && (before.user === actor.user || before.owner === actor.user);
}
