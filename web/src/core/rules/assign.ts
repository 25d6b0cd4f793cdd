import type { Result, Status } from '../civic';
import { type Change, merged, refuse } from './change';

export function assign(c: Change): Result {
  const team = (c.edit.args.team as string | undefined) ?? '';
  const user = (c.edit.args.user as string | undefined) ?? '';
  if (team && !(team in c.rules.teams)) return refuse('unknown_value', { field: 'team' });
  if (user && !(user in c.rules.users)) return refuse('unknown_value', { field: 'user' });
  if (!team && !user) return refuse('missing', { field: 'team' });
  const r = c.next;
  const now = r.status as Status;
  const moves = now === 'new' || now === 'acknowledged' || now === 'planned';
  if (team === (r.team ?? '') && user === (r.user ?? '') && !moves) return merged;
  if (!c.open) return refuse('illegal_step', { from: now, to: 'assigned' });
  const was = { ...(r.team ? { team: r.team } : {}), ...(r.user ? { user: r.user } : {}) };
  const last = c.newer('assignment');
  const works = (role: string) => role === 'crew' || role === 'contractor';
  if (last && works(c.actor.role) && !works(last.role)) {
    // The office's word stands over a crew's, and the crew is told.
    return { status: 'noticed', theirs: c.theirs('assignment', last, was) };
  }
  const result = c.appliedOver('assignment', was);
  const former = { ...r.former };
  if (r.team && r.team !== team) former[r.team] = r.rev + 1;
  delete former[team];
  if (Object.keys(former).length > 0) r.former = former;
  else delete r.former;
  if (team) r.team = team;
  else delete r.team;
  if (user) r.user = user;
  else delete r.user;
  c.touch('assignment');
  if (moves) c.moveTo('assigned');
  return result;
}
