import type { Effect } from './events';
import { type ClientFrame, type Limits, usualLimits } from './frames';
import type { Write } from './writes';

/**
 * What the parts of a session share while one event is worked on: when it is,
 * under which epoch and limits, and what is to be stored and done about it.
 */
export class Step {
  now = 0;
  limits: Limits = usualLimits;
  private effects: Effect[] = [];
  private writes: Write[] = [];

  constructor(
    public epoch: string | null,
    /** A number from 0 to below 1. */
    readonly random: () => number,
  ) {}

  begin(now: number) {
    this.now = now;
    this.effects = [];
    this.writes = [];
  }

  /** What has come together since begin; what is stored comes first. */
  end(): Effect[] {
    if (this.writes.length > 0) this.effects.unshift({ do: 'write', writes: this.writes });
    return this.effects;
  }

  do(effect: Effect) {
    this.effects.push(effect);
  }

  send(frame: ClientFrame) {
    this.do({ do: 'send', frame });
  }

  write(write: Write) {
    this.writes.push(write);
  }
}
