import type { Actor, Edit, Report } from './civic';
import type { Row } from './replica';
import { apply } from './rules/apply';
import type { Rules } from './rules/change';

/** A report as it is shown: the base, and one's own pending edits over it. */
export type View = {
  report: Report;
  /** The rev received from the server, beneath the pending edits. */
  baseRev: number;
  pending: number;
  /** Why a report that is kept only for its unsettled work has left. */
  left?: string;
};

/** Where bodies of one report are held in several scopes, the fullest wins. */
const order = ['desk', 'team', 'own', 'area'];

export type Source = { scope: string; row: Row };

export function pick(sources: readonly Source[]): Source | undefined {
  const rank = (s: Source) => order.indexOf(s.scope.slice(0, s.scope.indexOf(':')));
  return [...sources].sort((a, b) => b.row.rev - a.row.rev || rank(a) - rank(b))[0];
}

/** What the scope itself says of the report is put back into the body. */
export function reportOf(sources: readonly Source[]): Report | undefined {
  const best = pick(sources);
  if (!best) return undefined;
  const report = { ...best.row.body, id: best.row.id, rev: best.row.rev } as Report;
  for (const { scope } of sources) {
    const [kind, id] = scope.split(':') as [string, string];
    if (kind === 'team' && !report.team) report.team = id;
    if (kind === 'desk' && !report.desk) report.desk = id;
    if (kind === 'own' && !report.user && !report.owner) report.owner = id;
  }
  return report;
}

/** An edit that the rules now refuse shows nothing: the server will say why. */
export function overlay(
  base: Report,
  edits: readonly Edit[],
  rules: Rules,
  actor: Actor,
  now: string,
): View {
  let report = base;
  for (const edit of edits) {
    report = apply(rules, report, { ...edit, base_rev: report.rev }, actor, edit.at ?? now).report;
  }
  return { report, baseRev: base.rev, pending: edits.length };
}
