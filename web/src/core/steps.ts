import { isOpen, type Report, type Role, type Status, statuses } from './civic';

const field: Role[] = ['operator', 'foreman', 'admin', 'crew', 'contractor'];
const plan: Role[] = ['operator', 'foreman', 'admin'];
const office: Role[] = ['operator', 'admin'];
const back: Role[] = [...plan, 'system'];

/** Who may take which step by a transition: the table of civic/steps.go. */
const steps: Partial<Record<Status, Partial<Record<Status, Role[]>>>> = {
  new: { acknowledged: back, rejected: office },
  acknowledged: {
    planned: plan,
    in_progress: field,
    resolved: field,
    waiting: plan,
    rejected: office,
  },
  assigned: {
    planned: field,
    in_progress: field,
    resolved: field,
    waiting: field,
    rejected: office,
  },
  planned: { assigned: plan, in_progress: field, waiting: plan, rejected: office },
  in_progress: { waiting: field, resolved: field, rejected: office },
  waiting: {
    acknowledged: back,
    assigned: [...field, 'system'],
    planned: back,
    in_progress: [...field, 'system'],
    rejected: office,
  },
  resolved: { closed: ['citizen', 'service', 'system'], acknowledged: ['system'] },
};

export const isLegal = (from: Status, to: Status): boolean => (steps[from]?.[to]?.length ?? 0) > 0;

export const mayTake = (role: Role, from: Status, to: Status): boolean =>
  steps[from]?.[to]?.includes(role) ?? false;

/**
 * Where a role may take a case now, in the statuses' order. A waiting case goes
 * back only to where it came from, or out.
 */
export function stepsFrom(role: Role, r: Pick<Report, 'status' | 'waiting'>): Status[] {
  const from = r.status;
  if (!from) return [];
  return statuses.filter(
    (to) =>
      mayTake(role, from, to) &&
      !(from === 'waiting' && isOpen(to) && r.waiting && to !== r.waiting.was),
  );
}
