import type { Report, Role, Status } from './civic';
import { mayTake, stepsFrom } from './steps';

/**
 * The edit that undoes another one which the town may have already: the value that a
 * check had, the status from before where the rules let this role go back there. What
 * was said or shown stays said; undefined where nothing undoes it. before is the
 * report as it was when the edit was made.
 */
export function counter(
  role: Role,
  before: Report,
  kind: string,
  args: Record<string, unknown>,
): { kind: string; args: Record<string, unknown> } | undefined {
  if (kind === 'check') {
    const { item } = args as { item: string };
    return { kind, args: { item, value: before.checklist?.[item]?.value ?? '' } };
  }
  if (kind !== 'transition' || !before.status) return undefined;
  const { to } = args as { to: Status };
  const now = {
    status: to,
    ...(to === 'waiting' ? { waiting: { for: '', was: before.status, since: '' } } : {}),
  };
  const known = stepsFrom(role, now).includes(before.status);
  // What a step asks for (for whom, which month) is not known from before.
  if (!known || before.status === 'waiting' || before.status === 'planned') return undefined;
  return mayTake(role, to, before.status)
    ? { kind, args: { from: to, to: before.status } }
    : undefined;
}
