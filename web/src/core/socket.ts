import { type ClientFrame, type ErrorFrame, parseFrame, subprotocol } from './frames';
import type { Hear, Link } from './link';

/** Opens the WebSocket of the protocol. */
export function socket(url: string, hear: Hear, Socket: typeof WebSocket = WebSocket): Link {
  const ws = new Socket(url, subprotocol);
  let ended = false;
  let error: ErrorFrame | undefined;
  const end = (code: number) => {
    if (ended) return;
    ended = true;
    hear.closed(code, error);
  };
  ws.onopen = () => hear.open();
  ws.onmessage = (m) => {
    if (ended || typeof m.data !== 'string') return;
    const frame = parseFrame(m.data);
    if (!frame) return;
    // The reason of a close comes in the frame before it.
    if (frame.t === 'error') error = frame;
    hear.frame(frame);
  };
  ws.onclose = (c) => end(c.code);
  return {
    send(frame: ClientFrame) {
      if (ws.readyState === ws.OPEN) ws.send(JSON.stringify(frame));
    },
    close() {
      ended = true;
      ws.close(1000);
    },
  };
}
