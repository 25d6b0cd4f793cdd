import type { Role, Status } from '../core/civic';
import type { Acked } from '../core/outbox';
import type { View } from '../core/overlay';
import { mayOnlyPropose } from '../core/rules/set';
import { stepsFrom } from '../core/steps';
import { t } from '../text/catalogue';

/** The two sides of a conflict in words, and whose the other one is, from when. */
export type Sides = { mine: string; theirs: string; who: string; when: string };

/** One way out, as the edit that it makes. */
export type Choice = {
  keeps: 'mine' | 'theirs' | 'both';
  kind: string;
  args: Record<string, unknown>;
  /** What comes of it: it is changed, or the office is told and decides. */
  does: 'changes' | 'tells';
};

/**
 * The ways out of a conflict, or of a check that went over a colleague's. Each makes
 * an edit: where the rules let this person change the thing now it is changed, else
 * the office is told in a note what they think, since the decision is the office's.
 * Nothing where the report has left: nobody here may change it any more.
 */
export function choices(
  { edit, answer }: Acked,
  held: View | undefined,
  role: Role,
  theirs: unknown,
  sides: Sides,
): Choice[] {
  if (!held || held.left !== undefined) return [];
  if (answer.status === 'noticed' && edit.kind === 'check') {
    const args = { item: edit.args.item, value: String(theirs ?? '') };
    return [{ keeps: 'theirs', kind: 'check', args, does: 'changes' }];
  }
  if (answer.status !== 'conflict') return [];
  const tell = (keeps: Choice['keeps']): Choice => ({
    keeps,
    kind: 'note',
    args: { text: t(`crew.queue.note.${keeps}`, sides) },
    does: 'tells',
  });
  return [mineOf(edit, held, role, theirs) ?? tell('mine'), tell('theirs'), tell('both')];
}

/** One's own change once more, over what is there now, where that is allowed. */
function mineOf(edit: Acked['edit'], held: View, role: Role, theirs: unknown): Choice | undefined {
  if (edit.kind === 'set' && !mayOnlyPropose(role, String(edit.args.field))) {
    const args = { ...edit.args, base: theirs };
    return { keeps: 'mine', kind: 'set', args, does: 'changes' };
  }
  if (edit.kind !== 'transition') return undefined;
  const { from: _, ...args } = edit.args;
  if (!stepsFrom(role, held.report).includes(args.to as Status)) return undefined;
  const again = { ...args, from: held.report.status };
  return { keeps: 'mine', kind: 'transition', args: again, does: 'changes' };
}
