import type { ClientFrame, ErrorFrame, ServerFrame } from './frames';

/** One connection to the town: a socket, or the same frames over HTTP. */
export interface Link {
  send(frame: ClientFrame): void;
  close(): void;
}

/** What a connection tells. closed comes once, last; code 0 is the network. */
export interface Hear {
  open(): void;
  frame(frame: ServerFrame): void;
  closed(code: number, error?: ErrorFrame): void;
}
