import { expect, test } from 'vitest';
import { overlay, reportOf } from './overlay';
import { crew, edit, report, rules, team } from './testing/fixtures';

const now = '2027-03-02T08:00:00.000Z';

test('what is shown is the base and the pending edits over it, in order', () => {
  const r = report(1);
  const view = overlay(
    r,
    [
      edit(r.id, 'transition', { to: 'in_progress' }),
      edit(r.id, 'transition', { to: 'resolved', reason: 'cambiata' }),
    ],
    rules,
    crew,
    now,
  );
  expect(view.report.status).toBe('resolved');
  expect(view.report.reason).toBe('cambiata');
  expect(view.baseRev).toBe(1);
  expect(view.pending).toBe(2);
  expect(r.status).toBe('assigned');
});

test('an edit that the rules refuse over a newer base shows nothing', () => {
  const r = { ...report(1), status: 'closed' as const };
  const view = overlay(r, [edit(r.id, 'transition', { to: 'in_progress' })], rules, crew, now);
  expect(view.report).toEqual(r);
});

test('a report held in several scopes is the newest, and knows its team from the scope', () => {
  const { id, rev: _, team: __, ...body } = report(1);
  const shown = reportOf([
    { scope: 'own:u', row: { id, rev: 2, body: { ...body, title: 'vecchio' } } },
    { scope: `team:${team}`, row: { id, rev: 3, body } },
  ]);
  expect(shown).toMatchObject({ rev: 3, title: 'Lampione 1', team });
});
