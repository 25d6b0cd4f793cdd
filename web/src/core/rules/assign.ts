import type { Result, Status } from '../civic';
import { type Change, merged, refuse } from './change';

/** Notes who has the case no more, and since when. */
function handOver(c: Change, team: string, user: string) {
  const r = c.next;
  const stay = { came: c.before.changed?.assignment?.at ?? r.created ?? c.now, left: c.now };
  const gone = r.team && r.team !== team ? r.team : '';
  const who = r.user && r.user !== user ? r.user : '';
  const former = without(gone ? { ...r.former, [gone]: r.rev + 1 } : r.former, team);
  const had = without(gone ? { ...r.had, [gone]: stay } : r.had, team);
  const had_by = without(who ? { ...r.had_by, [who]: stay } : r.had_by, user);
  for (const key of ['former', 'had', 'had_by'] as const) delete r[key];
  Object.assign(r, former && { former }, had && { had }, had_by && { had_by });
}

function without<T>(from: Record<string, T> | undefined, key: string) {
  const { [key]: _, ...rest } = from ?? {};
  return Object.keys(rest).length > 0 ? rest : undefined;
}

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
  handOver(c, team, user);
  if (team) r.team = team;
  else delete r.team;
  if (user) r.user = user;
  else delete r.user;
  c.touch('assignment');
  if (moves) c.moveTo('assigned');
  return result;
}
