import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Actor, Edit, Report, Result } from '../civic';
import { apply, predictable } from './apply';
import type { Rules } from './change';

type Vector = {
  name: string;
  server?: boolean;
  rules: Partial<Rules>;
  actor: Actor;
  now: string;
  report: Report;
  edit: Edit;
  want: { result: Result; report: Report };
};

const folder = new URL('../../../../civic/testdata/edits/', import.meta.url);
const kinds = 'transition assign set check note reply message attach contest'.split(' ');

describe.each(kinds)('%s', (kind) => {
  const vectors: Vector[] = JSON.parse(readFileSync(new URL(`${kind}.json`, folder), 'utf8'));
  const mine = vectors.filter((v) => !v.server && predictable(v.edit.kind));
  test.each(mine)('$name', (v) => {
    const rules = { services: {}, teams: {}, users: {}, ...v.rules };
    const before = structuredClone(v.report);
    const got = apply(rules, v.report, v.edit, v.actor, v.now);
    expect(got.result).toEqual(v.want.result);
    expect(withoutTexts(got.report)).toEqual(v.want.report);
    expect(v.report).toEqual(before);
  });
});

/** A prediction shows its own words, which the stored report keeps apart. */
function withoutTexts(r: Report): Report {
  const bare = structuredClone(r);
  for (const said of [bare.notes, bare.messages]) {
    for (const words of Object.values(said ?? {})) delete words.text;
  }
  return bare;
}
