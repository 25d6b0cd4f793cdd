import { isOpen, type Report } from '../core/civic';

export type Due = {
  what: 'reply' | 'resolution';
  at: number;
  /** over: past; soon: within a day; paused: waiting for the citizen. */
  state: 'over' | 'soon' | 'fine' | 'paused';
};

const soonMs = 24 * 3600 * 1000;

/** The deadline that presses now: the first reply, then the solution. */
export function dueOf(r: Report, now: number): Due | undefined {
  if (!r.status || !isOpen(r.status)) return undefined;
  const { first_reply: reply, resolution } = r.deadlines ?? {};
  const what = !r.replied && reply ? 'reply' : 'resolution';
  const text = what === 'reply' ? reply : resolution;
  if (!text) return undefined;
  const at = Date.parse(text);
  if (what === 'resolution' && r.status === 'waiting' && r.waiting?.for === 'citizen') {
    return { what, at, state: 'paused' };
  }
  return { what, at, state: at < now ? 'over' : at - now < soonMs ? 'soon' : 'fine' };
}
