import {quantiles} from './measure.mjs';

// Marks keep when each write left, and how long after that each other client of
// the team held it.
export class Marks {
  #sent = new Map(); // write -> {at, by}
  #latencies = [];
  #moves = new Map(); // case -> its newest move
  #last = 0;
  own = 0; // what its author got back from the server

  leave(w, by, moved) {
    this.#sent.set(w, {at: performance.now(), by});
    if (moved) this.#moves.set(moved, w);
  }

  // A client holds what write w made of a case; without w, it no longer holds
  // the case, as its newest move wants.
  seen = (client, id, w = this.#moves.get(id)) => {
    const write = this.#sent.get(w);
    if (!write) return;
    this.#last = performance.now();
    if (write.by === client) this.own++;
    else this.#latencies.push(this.#last - write.at);
  };

  get applied() {
    return this.#latencies.length;
  }

  quietFor() {
    return performance.now() - this.#last;
  }

  quantiles() {
    return quantiles(this.#latencies);
  }
}
