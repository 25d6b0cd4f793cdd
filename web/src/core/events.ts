import type { ClientFrame, Delta, ErrorFrame, ServerFrame } from './frames';
import type { Item } from './outbox';
import type { Row } from './replica';
import type { End } from './store';
import type { Write } from './writes';

/** What happens to a session. Requests are answered under their number. */
export type Event =
  | { e: 'start' }
  | { e: 'open' }
  | { e: 'closed'; code: number; error?: ErrorFrame }
  | { e: 'frame'; frame: ServerFrame }
  | { e: 'pulled'; scope: string; req: number; deltas: Delta[] }
  | {
      e: 'snapshot';
      scope: string;
      req: number;
      epoch: string;
      v: number;
      upto: number;
      rows: Row[];
    }
  | { e: 'lanes'; scope: string; req: number; epoch: string; v: number; lanes: string[] }
  | { e: 'buckets'; scope: string; req: number; buckets: Bucket[] }
  | { e: 'failed'; scope: string; req: number; status: number }
  | { e: 'captured'; item: Item }
  | { e: 'withdraw'; id: string }
  | { e: 'token'; token: string; device: string }
  | { e: 'no_token'; permanent: boolean; end?: End | undefined }
  | { e: 'tick' };

export type Bucket = { prefix: string; v: number; rows: Row[] };

/** What a session asks of the world. */
export type Effect =
  | { do: 'connect' }
  | { do: 'disconnect' }
  | { do: 'send'; frame: ClientFrame }
  | { do: 'pull'; scope: string; req: number; from: number; epoch: string; limit: number }
  | { do: 'snapshot'; scope: string; req: number; epoch: string }
  | { do: 'lanes'; scope: string; req: number; epoch: string; at: number; sum: string }
  | { do: 'buckets'; scope: string; req: number; epoch: string; prefixes: string[] }
  | { do: 'write'; writes: Write[] }
  | { do: 'refresh' }
  | { do: 'ended'; end: End };

export type Phase = 'off' | 'connecting' | 'hello' | 'live';

/** Why no connection is tried: the person, the program or the town must act. */
export type Halt = 'sign_in' | 'outdated' | 'forbidden' | End;
