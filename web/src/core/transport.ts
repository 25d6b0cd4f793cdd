import type { Hear, Link } from './link';
import { socket } from './socket';

export type Open = { socket: (hear: Hear) => Link; twin: (hear: Hear) => Link };

/** The real network, under an origin such as "https://town.example". */
export const network = (origin: string, token: () => string): Open => ({
  socket: (hear) => socket(`${origin.replace(/^http/, 'ws')}/sync`, hear),
  twin: (hear) => twinLater(origin, token, hear),
});

/** The twin, whose script is fetched by whoever needs it: without network nobody does. */
function twinLater(origin: string, token: () => string, hear: Hear): Link {
  let link: Link | undefined;
  let ended = false;
  const bring = async () => {
    const { twin } = await import('./twin');
    if (!ended) link = twin(origin, token, hear);
  };
  bring().catch(() => ended || hear.closed(0));
  return {
    send: (frame) => link?.send(frame),
    close() {
      ended = true;
      link?.close();
    },
  };
}

/** Sockets that died before a word, after which the HTTP twin is tried. */
const patience = 2;

/** Chooses between the socket and its HTTP twin. */
export class Transport {
  private mute = 0;

  constructor(private readonly open: Open) {}

  connect(hear: Hear): Link {
    if (this.mute >= patience) {
      this.mute = 0;
      return this.open.twin(hear);
    }
    let heard = false;
    return this.open.socket({
      open: () => hear.open(),
      frame: (f) => {
        heard = true;
        this.mute = 0;
        hear.frame(f);
      },
      closed: (code, error) => {
        if (!heard) this.mute++;
        hear.closed(code, error);
      },
    });
  }
}
