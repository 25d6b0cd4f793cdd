import type { Result, Status, Stay } from '../civic';
import { type Change, merged, refuse } from './change';

/** Notes who has the case from now on, and who no more. */
function handOver(c: Change, team: string, user: string) {
  const r = c.next;
  const since = c.before.changed?.assignment?.at ?? r.created ?? c.now;
  const gone = r.team && r.team !== team ? r.team : '';
  const former = without(gone ? { ...r.former, [gone]: r.rev + 1 } : r.former, team);
  const had = moved(r.had, r.team ?? '', team, since, c.now);
  const had_by = moved(r.had_by, r.user ?? '', user, since, c.now);
  for (const key of ['former', 'had', 'had_by'] as const) delete r[key];
  Object.assign(r, former && { former }, had && { had }, had_by && { had_by });
}

/** Ends one stay and begins another; whoever gets the case back goes on with theirs. */
function moved(
  stays: Record<string, Stay> | undefined,
  from: string,
  to: string,
  since: string,
  now: string,
) {
  if (from === to) return stays;
  const next = { ...stays };
  if (from) next[from] = { came: since, ...next[from], left: now };
  if (to) next[to] = { came: next[to]?.came ?? now };
  return next;
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
