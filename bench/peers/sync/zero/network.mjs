// Gives Zero its WebSocket, which Node 20 lacks, and cuts single clients off.
import {WebSocket} from 'ws';

const sockets = new Map(); // user -> the newest socket
const away = new Set();

globalThis.WebSocket = class extends WebSocket {
  constructor(address, protocols) {
    const user = new URL(address).searchParams.get('userID');
    // Nobody listens on port 9 of this machine: refused, as without a network.
    super(away.has(user) ? `ws://127.0.0.1:9/?${new URL(address).searchParams}` : address, protocols);
    this.on('error', () => {}); // a browser tells it by close alone
    sockets.set(user, this);
  }
};

export function cut(user) {
  away.add(user);
  sockets.get(user)?.terminate();
}

export const mend = user => away.delete(user);
