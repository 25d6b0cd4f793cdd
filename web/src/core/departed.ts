import type { Ghost } from './writes';

/** As many as may leave while one edit is written to the disk, and far more. */
const remembered = 200;

/**
 * The reports that left lately, as they were. An edit that was being written to
 * the disk meanwhile, here or in another tab, finds its report here: nobody
 * knew yet that it had unsent work.
 */
export class Departed {
  private readonly rows = new Map<string, Ghost>();

  add(ghost: Ghost) {
    this.rows.delete(ghost.id);
    this.rows.set(ghost.id, ghost);
    for (const oldest of this.rows.keys()) {
      if (this.rows.size <= remembered) return;
      this.rows.delete(oldest);
    }
  }

  clear() {
    this.rows.clear();
  }

  take(report: string): Ghost | undefined {
    const ghost = this.rows.get(report);
    this.rows.delete(report);
    return ghost;
  }
}
