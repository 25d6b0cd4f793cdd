import type { Item } from './outbox';

/** The connection as a person should hear of it. */
export type Connection =
  | 'offline'
  | 'connecting'
  | 'catching_up'
  | 'live'
  | 'sign_in'
  | 'outdated'
  | 'forbidden'
  | 'revoked'
  | 'signed_out';

/** What the tabs of one app tell each other. */
export type Word =
  | 'stored'
  | 'pictures'
  | 'nudge'
  /** A tab that has just opened asks how the connection is. */
  | 'asks'
  /** The person has left: they signed out, here or everywhere. */
  | 'left'
  /** Somebody has signed in: the person of before, or another. */
  | 'signed_in'
  | { captured: Item }
  | { connection: Connection }
  | { withdraw: string }
  | { withdrew: string; done: boolean };

/** Where browsers let no tabs talk (Safari before 15.4) each goes on alone: such browsers
 * let no tab lead either, so each sends its own. */
const channelOf = (name: string): BroadcastChannel | undefined =>
  typeof BroadcastChannel === 'undefined' ? undefined : new BroadcastChannel(name);

/** Tells every tab of an app. */
export function tellTabs(name: string, word: Word) {
  const channel = channelOf(name);
  channel?.postMessage(word);
  channel?.close();
}

/** How long the tab that leads may take to answer. */
const patienceMs = 2000;

/** The other tabs of this app. */
export class Tabs {
  private readonly channel: BroadcastChannel | undefined;
  private readonly asked = new Map<string, (done: boolean) => void>();

  constructor(name: string, heard: (word: Word) => void) {
    this.channel = channelOf(name);
    if (!this.channel) return;
    this.channel.onmessage = (m) => {
      const word = m.data as Word;
      if (typeof word === 'object' && 'withdrew' in word)
        this.asked.get(word.withdrew)?.(word.done);
      else heard(word);
    };
  }

  tell(word: Word) {
    this.channel?.postMessage(word);
  }

  /** Asks the tab that leads to take an edit back; no answer is a no. */
  withdraw(id: string): Promise<boolean> {
    return new Promise((done) => {
      const end = (yes: boolean) => {
        clearTimeout(late);
        this.asked.delete(id);
        done(yes);
      };
      const late = setTimeout(() => end(false), patienceMs);
      this.asked.set(id, end);
      this.tell({ withdraw: id });
    });
  }

  close() {
    this.channel?.close();
  }
}
