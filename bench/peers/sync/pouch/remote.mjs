// The server's databases as clients reach them.
import {Agent} from 'node:http';
import PouchDB from 'pouchdb-core';
import http from 'pouchdb-adapter-http';
import memory from 'pouchdb-adapter-memory';
import replication from 'pouchdb-replication';

PouchDB.plugin(http).plugin(memory).plugin(replication);
export {PouchDB};

// A browser keeps connections; node-fetch does with an agent only.
const agent = new Agent({keepAlive: true, maxSockets: Infinity});
const fetchKept = (address, options) => PouchDB.fetch(address, {...options, agent});

export const url = (base, team) => `${base}/team-${team}`;
export const remote = (base, team) => new PouchDB(url(base, team), {skip_setup: true, fetch: fetchKept});
