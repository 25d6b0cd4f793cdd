import { crew, edit, report, reportId, rules, team } from './fixtures';
import type { Wire } from './harness';
import { Town } from './town';

export const scope = `team:${team}`;

/** A town of five reports that offers a crew its team. */
export function freshTown(): Town {
  const town = new Town(rules, crew);
  town.offer = [scope];
  for (let i = 1; i <= 5; i++) town.save(report(i));
  return town;
}

/** What a person does on the phone: on its disk first, then told to the session. */
export function captureOn(wire: Wire, i: number, kind: string, args: Record<string, unknown>) {
  const item = wire.disk.capture(edit(reportId(i), kind, args));
  wire.feed({ e: 'captured', item });
  return item;
}
