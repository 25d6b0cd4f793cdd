// The application's own server, as Zero's manual lays it out: it turns names of
// queries into queries and runs mutators on PostgreSQL. node api.mjs PORT URL
import {createServer} from 'node:http';
import {mustGetMutator, mustGetQuery} from '@rocicorp/zero';
import {handleMutateRequest, handleQueryRequest} from '@rocicorp/zero/server';
import {zeroPostgresJS} from '@rocicorp/zero/server/adapters/postgresjs';
import postgres from 'postgres';
import {mutators, queries, schema} from './schema.mjs';

const [port, database] = process.argv.slice(2);
const dbProvider = zeroPostgresJS(schema, postgres(database, {max: 20}));
// A client's token is its name: rights are not what is measured.
async function answer(path, query, body, userID) {
  if (path === '/query') {
    return handleQueryRequest({handler: (name, args) => mustGetQuery(queries, name).fn({args, ctx: undefined}), schema, userID, query, body});
  }
  return handleMutateRequest({
    dbProvider,
    handler: transact => transact((tx, name, args) => mustGetMutator(mutators, name).fn({tx, args, ctx: undefined})),
    userID,
    query,
    body,
  });
}

const server = createServer(async (request, response) => {
  try {
    const {pathname, searchParams} = new URL(request.url, 'http://127.0.0.1');
    let text = '';
    for await (const piece of request) text += piece;
    const result = await answer(pathname, Object.fromEntries(searchParams), JSON.parse(text), request.headers.authorization?.replace('Bearer ', ''));
    response.writeHead(200, {'content-type': 'application/json'}).end(JSON.stringify(result));
  } catch (error) {
    console.error(error);
    response.writeHead(500).end();
  }
});
server.keepAliveTimeout = 60_000;
server.listen(Number(port), '127.0.0.1');
