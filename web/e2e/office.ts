import { readFileSync } from 'node:fs';
import { expect, request } from '@playwright/test';
import { uuid7 } from '../src/core/uuid7';

const { SEGNAVIA_URL = '', SEGNAVIA_DEMO = '' } = process.env;

type Demo = {
  users: { role: string; login: string; password: string; team?: string }[];
};
export const demo = (): Demo => JSON.parse(readFileSync(SEGNAVIA_DEMO, 'utf8'));
export const userOf = (login: string) => {
  const user = demo().users.find((u) => u.login === login);
  if (!user) throw new Error(`nobody is ${login} in the demonstration`);
  return user;
};

export type Change = { report: string; kind: string; args: Record<string, unknown> };
type Event = { id: string; kind: string; role: string; result: { status: string } };
type Case = { report: { status: string; rev: number; team?: string }; history: Event[] };

/** The office, by the API: what happens while a crew is away. */
export async function openOffice(login = 'operatrice') {
  const { password } = userOf(login);
  const http = await request.newContext({ baseURL: SEGNAVIA_URL });
  const r = await http.post('/api/v1/session', { data: { login, password } });
  expect(r.status()).toBe(200);

  /** Makes changes, a hundred at a time, each of which must be taken. */
  async function change(list: readonly Change[]) {
    for (let at = 0; at < list.length; at += 100) {
      const data = list.slice(at, at + 100).map((c) => ({ id: uuid7(), base_rev: 1, ...c }));
      const answer = await http.post('/api/v1/edits', { data });
      const body = await answer.json();
      const bad = (body.results ?? []).filter(
        (x: { status: string }) => x.status !== 'applied' && x.status !== 'noticed',
      );
      expect(bad, JSON.stringify(body).slice(0, 400)).toEqual([]);
    }
  }

  /** New jobs for a team, around the old town; their ids. */
  async function jobs(n: number, team: string, title = 'Lavoro'): Promise<string[]> {
    const ids = Array.from({ length: n }, () => uuid7());
    await change(
      ids.map((report, i) => ({
        report,
        kind: 'create',
        args: {
          service: 'strade.buca',
          title: `${title} ${i + 1}`,
          description: 'Profonda come un pallone, proprio sulle strisce.',
          lon: 8.93 + (i % 40) * 0.0004,
          lat: 44.408 + Math.floor(i / 40) * 0.0002,
        },
      })),
    );
    // Routing brings them all to one team, which may be this one.
    if ((await caseOf(ids[0] ?? '')).report.team !== team)
      await change(ids.map((report) => ({ report, kind: 'assign', args: { team } })));
    return ids;
  }

  const caseOf = async (id: string): Promise<Case> =>
    (await http.get(`/api/v1/reports/${id}`)).json();

  return { http, change, jobs, caseOf, close: () => http.dispose() };
}
