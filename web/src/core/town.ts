import type { Person, Service, Team } from './civic';
import type { Held } from './replica';
import type { Rules } from './rules/change';

/** What the town holds beside its reports. */
export type Town = Rules & {
  services: Record<string, Service>;
  teams: Record<string, Team>;
  users: Record<string, Person>;
  areas: Record<string, { id: string; name: string }>;
  desks: Record<string, { id: string; name: string }>;
};

export const noTown = (): Town => ({ services: {}, teams: {}, users: {}, areas: {}, desks: {} });

/** Reads the town out of the scopes that hold it. */
export function townOf(scopes: Iterable<Held>): Town {
  const town = noTown();
  for (const held of scopes) {
    if (!held.scope.startsWith('town:')) continue;
    for (const { body } of held.rows.values()) {
      const id = body.id as string;
      switch (body.type) {
        case 'service':
          town.services[id] = body as unknown as Service;
          break;
        case 'team':
          town.teams[id] = body as unknown as Team;
          break;
        case 'person':
          town.users[id] = body as unknown as Person;
          break;
        case 'area':
          town.areas[id] = body as { id: string; name: string };
          break;
        case 'desk':
          town.desks[id] = body as { id: string; name: string };
      }
    }
  }
  return town;
}
