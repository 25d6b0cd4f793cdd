import type { Actor, Edit, Report } from '../civic';
import type { Rules } from '../rules/change';
import type { Grant } from '../store';
import { uuid7 } from '../uuid7';

export const team = '7ea00000-0000-7000-8000-000000000001';
export const otherTeam = '7ea00000-0000-7000-8000-000000000002';
export const desk = 'de5c0000-0000-7000-8000-000000000001';
export const lamp = '5e400000-0000-7000-8000-000000000001';

export const rules: Rules = {
  services: {
    [lamp]: {
      id: lamp,
      code: 'lamp',
      name: 'Lampione spento',
      group: 'strade',
      kind: 'issue',
      public: 'photos',
    },
  },
  teams: { [team]: {}, [otherTeam]: {} },
  users: {},
};

export const crew: Actor = {
  role: 'crew',
  user: 'a5e40000-0000-7000-8000-000000000001',
  device: 'd0000000-0000-7000-8000-000000000001',
  teams: [team],
};

export const operator: Actor = {
  role: 'operator',
  user: 'a5e40000-0000-7000-8000-000000000002',
  device: 'd0000000-0000-7000-8000-000000000002',
};

export const reportId = (i: number): string =>
  `${((i * 37) % 256).toString(16).padStart(2, '0')}000000-0000-7000-8000-${i.toString(16).padStart(12, '0')}`;

export const report = (i: number): Report => ({
  id: reportId(i),
  rev: 1,
  code: `GE${i}`,
  service: lamp,
  channel: 'web',
  status: 'assigned',
  title: `Lampione ${i}`,
  team,
  desk,
  created: '2027-03-01T08:00:00Z',
});

export const edit = (
  report: string,
  kind: string,
  args: Record<string, unknown>,
  base_rev = 1,
): Edit => ({
  id: uuid7(),
  report,
  base_rev,
  kind,
  args,
});

/** A grant of a person, whose key is told by the length of their name. */
export const grantOf = (id: string): Grant => ({
  device: 'd',
  token: 't',
  refresh: 'r',
  seal: btoa(String.fromCharCode(...new Uint8Array(32).fill(id.length))),
  user: { id, login: id, name: id, role: 'crew', teams: [], desks: [] },
  jurisdiction: { id: 'j', name: 'Genova', locale: 'it', zone: 'Europe/Rome' },
});
