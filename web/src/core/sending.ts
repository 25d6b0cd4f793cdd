import type { Answer, ClientFrame } from './frames';
import { type Acked, batch, type Item, keepAckedMs } from './outbox';
import type { Step } from './step';
import type { Saved } from './writes';

const pushMs = 10_000;

/**
 * The device's own edits: what waits to be sent, what is on its way, what was
 * answered. Numbers follow from the server's last one; the id decides.
 */
export class Sending {
  outbox: Item[];
  readonly acked = new Map<string, Acked>();
  lastN: number;
  private inflight: { frame: ClientFrame & { t: 'push' }; at: number } | undefined;
  /** Reports whose edits were answered retry, and until when they wait. */
  private readonly waits = new Map<string, number>();

  constructor(
    private readonly step: Step,
    saved: Saved,
  ) {
    this.lastN = saved.lastN;
    this.outbox = [...saved.outbox].sort((a, b) => a.seq - b.seq);
    for (const item of saved.acked) this.acked.set(item.edit.id, item);
  }

  /** Takes an edit up; false when it is here already. */
  capture(item: Item): boolean {
    if (this.outbox.some((i) => i.seq === item.seq)) return false;
    this.outbox.push(item);
    this.outbox.sort((a, b) => a.seq - b.seq);
    return true;
  }

  /** The edits over a report, in order: unanswered, and answered but unseen. */
  pendingOf(report: string): Item[] {
    const list: Item[] = [];
    for (const item of this.acked.values()) {
      if (!item.settled && item.edit.report === report) list.push(item);
    }
    for (const item of this.outbox) {
      if (!item.seen && item.edit.report === report) list.push(item);
    }
    return list.sort((a, b) => a.seq - b.seq);
  }

  /** The same for every report that has any. */
  pending(): Map<string, Item[]> {
    const all = [
      ...[...this.acked.values()].filter((i) => !i.settled),
      ...this.outbox.filter((i) => !i.seen),
    ].sort((a, b) => a.seq - b.seq);
    const byReport = new Map<string, Item[]>();
    for (const item of all) {
      const list = byReport.get(item.edit.report);
      if (list) list.push(item);
      else byReport.set(item.edit.report, [item]);
    }
    return byReport;
  }

  /** Whether anything about a report is not settled yet. */
  unsettled(report: string): boolean {
    return this.pendingOf(report).length > 0 || this.outbox.some((i) => i.edit.report === report);
  }

  /** When a tick is wanted for what is on its way or waits. */
  *due(): Iterable<number> {
    if (this.inflight) yield this.inflight.at + pushMs;
    else yield* this.waits.values();
  }

  /** The connection is gone: what was on its way is sent anew. */
  interrupted() {
    this.inflight = undefined;
    this.waits.clear();
  }

  push() {
    if (this.inflight) return;
    const { step } = this;
    for (const [report, until] of this.waits) if (step.now >= until) this.waits.delete(report);
    const edits = batch(this.outbox, step.limits, step.epoch, (r) => this.waits.has(r));
    if (edits.length === 0) return;
    const frame = { t: 'push' as const, n0: this.lastN + 1, edits };
    this.inflight = { frame, at: step.now };
    this.mark(edits.map((e) => e.id));
    step.send(frame);
  }

  /** Written before it is sent: what may have left is never taken back as if it
   * had not. */
  private mark(ids: readonly string[]) {
    const sent = new Set(ids);
    for (const item of this.outbox) {
      if (item.sent || !sent.has(item.edit.id)) continue;
      item.sent = true;
      this.step.write({ w: 'item', item });
    }
  }

  /** Takes back an edit that has not left this device. */
  withdraw(id: string): boolean {
    const at = this.outbox.findIndex((i) => i.edit.id === id);
    const item = this.outbox[at];
    if (!item || item.sent || item.seen) return false;
    this.outbox.splice(at, 1);
    const sha256 = item.edit.args.sha256;
    // Another edit may wait for the same bytes, an answered one too.
    const others = [...this.outbox, ...this.acked.values()];
    const shared = others.some((i) => i.edit.args.sha256 === sha256);
    this.step.write({
      w: 'withdrawn',
      seq: item.seq,
      ...(typeof sha256 === 'string' && !shared ? { sha256 } : {}),
    });
    return true;
  }

  /** Forgets what was answered; what waits to be sent stays. */
  forgetAnswers() {
    this.acked.clear();
  }

  /** Sends again what has no answer for long. */
  insist() {
    if (!this.inflight || this.step.now - this.inflight.at < pushMs) return;
    this.inflight.at = this.step.now;
    this.step.send(this.inflight.frame);
  }

  numbered(n: number) {
    if (n === this.lastN) return;
    this.lastN = n;
    this.step.write({ w: 'last_n', n });
  }

  /** The server has a gap: it is counted anew from its last number. */
  gap(lastN: number) {
    this.inflight = undefined;
    this.numbered(lastN);
    this.push();
  }

  ack(n: number, results: Answer[]) {
    if (n > this.lastN) this.numbered(n);
    for (const answer of results) {
      if (this.inflight?.frame.edits.some((e) => e.id === answer.id)) this.inflight = undefined;
      if (answer.status === 'retry') this.wait(answer);
      else this.answer(answer);
    }
  }

  private wait(answer: Answer) {
    const wait = (answer.retry_after ?? 5) * 1000 + this.step.random() * 1000;
    const report = this.outbox.find((i) => i.edit.id === answer.id)?.edit.report;
    if (report) this.waits.set(report, this.step.now + wait);
  }

  private answer(answer: Answer) {
    const at = this.outbox.findIndex((i) => i.edit.id === answer.id);
    const item = this.outbox[at];
    if (!item) return;
    this.outbox.splice(at, 1);
    const settled = answer.status === 'refused' || item.seen === true;
    const acked: Acked = {
      ...item,
      epoch: item.epoch ?? this.step.epoch,
      answer,
      at: this.step.now,
      settled,
    };
    this.acked.set(answer.id, acked);
    this.step.write({ w: 'acked', item: acked });
  }

  /** An op has named an edit: the base shows it. */
  seen(id: string) {
    const item = this.outbox.find((i) => i.edit.id === id);
    if (item && !item.seen) {
      item.seen = true;
      this.step.write({ w: 'item', item });
    }
    const acked = this.acked.get(id);
    if (acked && !acked.settled) this.settleOne(acked);
  }

  /** Ends the overlays whose versions are reached; of a scope that is not held
   * there is nothing to wait for. */
  settle(heldV: (scope: string) => number | undefined) {
    for (const item of this.acked.values()) {
      if (item.settled) continue;
      const behind = Object.entries(item.answer.versions ?? {}).some(([scope, v]) => {
        const held = heldV(scope);
        return held !== undefined && held < v;
      });
      if (!behind) this.settleOne(item);
    }
  }

  private settleOne(item: Acked) {
    item.settled = true;
    this.step.write({ w: 'acked', item });
  }

  /** The epoch is another: what was acknowledged lately in one before may be lost, and
   * is offered again. */
  reoffer(epoch: string) {
    for (const [id, { answer, at, settled, read, ...item }] of this.acked) {
      if (this.step.now - at > keepAckedMs || item.epoch === epoch) continue;
      this.acked.delete(id);
      const again: Item = { ...item, seen: false, epoch: item.epoch ?? this.step.epoch };
      this.outbox.push(again);
      this.step.write({ w: 'reoffer', item: again });
    }
    this.outbox.sort((a, b) => a.seq - b.seq);
  }

  /** Lets go of what was answered long ago. */
  forget() {
    for (const [id, item] of this.acked) {
      if (!item.settled || this.step.now - item.at <= keepAckedMs) continue;
      this.acked.delete(id);
      this.step.write({ w: 'forget', id });
    }
  }
}
