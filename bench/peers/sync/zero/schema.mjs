// What client and API server share: tables, the query of a team's cases and the
// three ways of changing them.
import {createBuilder, createSchema, defineMutator, defineMutators, defineQueries, defineQuery, number, relationships, string, table} from '@rocicorp/zero';

const issue = table('issue')
  .columns({
    id: string(),
    team: string(),
    w: number(),
    code: string(),
    service: string(),
    area: string(),
    title: string(),
    description: string(),
    status: string(),
    priority: string(),
    lon: number(),
    lat: number(),
    address: string(),
    created: string(),
    due: string(),
  })
  .primaryKey('id');

const note = table('note').columns({id: string(), issue: string(), text: string()}).primaryKey('id');

const notes = relationships(issue, ({many}) => ({notes: many({sourceField: ['id'], destField: ['issue'], destSchema: note})}));

export const schema = createSchema({tables: [issue, note], relationships: [notes]});

const zql = createBuilder(schema);

export const queries = defineQueries({
  ofTeam: defineQuery(({args}) => zql.issue.where('team', args.team).related('notes')),
});

export const mutators = defineMutators({
  edit: defineMutator(({tx, args}) => tx.mutate.issue.update(args)),
  move: defineMutator(({tx, args}) => tx.mutate.issue.update(args)),
  note: defineMutator(({tx, args}) => tx.mutate.note.insert(args)),
});

export const ddl = `
CREATE TABLE issue (id text PRIMARY KEY, team text NOT NULL, w integer NOT NULL, code text NOT NULL, service text NOT NULL,
  area text NOT NULL, title text NOT NULL, description text NOT NULL, status text NOT NULL, priority text NOT NULL,
  lon double precision NOT NULL, lat double precision NOT NULL, address text NOT NULL, created text NOT NULL, due text NOT NULL);
CREATE INDEX ON issue (team);
CREATE TABLE note (id text PRIMARY KEY, issue text NOT NULL REFERENCES issue, text text NOT NULL);
CREATE INDEX ON note (issue);`;
