import type { Actor } from './civic';
import type { Item } from './outbox';
import { overlay, pick, reportOf, type Source, type View } from './overlay';
import type { Session } from './session';
import { type Town, townOf } from './town';

/**
 * What the screens read of a session: each report that is held, with this
 * device's own pending edits over it. Everything is worked out once and kept
 * until the session changes.
 */
export class Shown {
  private held: Map<string, Source[]> | undefined;
  private waiting: Map<string, Item[]> | undefined;
  private theTown: Town | undefined;
  private readonly made = new Map<string, View>();

  constructor(
    private readonly session: () => Session,
    private readonly actor: () => Actor,
  ) {}

  /** The session has changed. */
  stale() {
    this.held = undefined;
    this.waiting = undefined;
    this.theTown = undefined;
    this.made.clear();
  }

  get town(): Town {
    this.theTown ??= townOf([...this.session().tracks.values()].map((t) => t.held));
    return this.theTown;
  }

  views(): View[] {
    return [...this.sources().keys()].flatMap((id) => this.view(id) ?? []);
  }

  /** The rev that an edit of the report starts from. */
  baseRev(id: string): number {
    return pick(this.sources().get(id) ?? [])?.row.rev ?? 0;
  }

  view(id: string): View | undefined {
    const kept = this.made.get(id);
    if (kept) return kept;
    const sources = this.sources().get(id);
    const ghost = sources ? undefined : this.session().ghosts.get(id);
    const base = reportOf(sources ?? (ghost ? [{ scope: ghost.scope, row: ghost.row }] : []));
    if (!base) return undefined;
    const edits = (this.pending().get(id) ?? []).map((i) => i.edit);
    const view = overlay(base, edits, this.town, this.actor(), new Date().toISOString());
    const shown = ghost ? { ...view, left: ghost.why || 'reassigned' } : view;
    this.made.set(id, shown);
    return shown;
  }

  private sources(): Map<string, Source[]> {
    if (this.held) return this.held;
    const index = new Map<string, Source[]>();
    for (const [scope, t] of this.session().tracks) {
      if (scope.startsWith('town:')) continue;
      for (const row of t.held.rows.values()) {
        const list = index.get(row.id);
        if (list) list.push({ scope, row });
        else index.set(row.id, [{ scope, row }]);
      }
    }
    this.held = index;
    return index;
  }

  private pending(): Map<string, Item[]> {
    this.waiting ??= this.session().pending();
    return this.waiting;
  }
}
