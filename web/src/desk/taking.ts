import { type Conflict, type Report, reasonConfirmed } from '../core/civic';

type Taking = { kind: 'transition' | 'assign' | 'set'; args: Record<string, unknown> };

/** The edit by which the office makes somebody's value its own. */
export function taking(r: Report, { field, value }: Conflict): Taking {
  switch (field) {
    case 'status':
      return { kind: 'transition', args: { from: r.status, to: value, reason: reasonConfirmed } };
    case 'assignment':
      return { kind: 'assign', args: value as Record<string, unknown> };
    default:
      return { kind: 'set', args: { field, value } };
  }
}
