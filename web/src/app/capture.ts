import { signal } from '@preact/signals';
import type { Report, Result } from '../core/civic';
import { counter } from '../core/undo';
import { maybe, t } from '../text/catalogue';
import { client } from './live';
import type { Shrunk } from './shrink';

/** What the last action came to, in words, for everybody to see and hear. */
export const said = signal<{ text: string; good: boolean; undo?: () => void } | undefined>(
  undefined,
);
let hush: ReturnType<typeof setTimeout> | undefined;

export function say(text: string, good = true, undo?: () => void) {
  said.value = { text, good, ...(undo ? { undo } : {}) };
  clearTimeout(hush);
  hush = setTimeout(() => unsay(), good ? (undo ? 8000 : 4000) : 12_000);
}

export function unsay() {
  said.value = undefined;
}

/** The sentence of a refusal. */
export function inWords(r: Pick<Result, 'code' | 'args'>): string {
  const args = (r.args ?? {}) as Record<string, string | number>;
  return (
    maybe(`core.refused.${r.code}`, args) ?? maybe(`error.${r.code}`, args) ?? t('error.internal')
  );
}

/** Keeps an edit and says what came of it. False when the rules refuse. */
export async function capture(
  report: string,
  kind: string,
  args: Record<string, unknown>,
  done?: string,
): Promise<boolean> {
  const c = client.value;
  if (!c) return false;
  const before = c.view(report)?.report;
  const result = await c.capture(report, kind, args);
  if (result.status === 'refused') {
    say(inWords(result), false);
    return false;
  }
  if (result.status === 'merged') say(t('core.merged'));
  else if (done) say(done, true, before && undoOf(before, kind, args, result.id));
  return true;
}

/**
 * What takes an edit back, where anything can: it is withdrawn while it has not
 * left this device, and undone by another edit after that, where the rules know one.
 */
function undoOf(
  before: Report,
  kind: string,
  args: Record<string, unknown>,
  id: string | undefined,
) {
  const c = client.value;
  if (!c || !id) return undefined;
  const back = counter(c.actor.role, before, kind, args);
  if (!back && c.connection === 'live') return undefined;
  return async () => {
    unsay();
    if (await withdraw(id)) return;
    if (back) await capture(before.id, back.kind, back.args, t('core.undo.undone'));
    else say(t('core.undo.too_late'), false);
  };
}

/** Takes back an edit that has not left this device, and says so. */
export async function withdraw(id: string): Promise<boolean> {
  const done = (await client.value?.withdraw(id)) ?? false;
  if (done) say(t('core.undo.done'));
  return done;
}

export async function capturePhoto(report: string, photo: Shrunk, stage: string): Promise<boolean> {
  const c = client.value;
  if (!c) return false;
  const args = { sha256: photo.sha256, bytes: photo.blob.size, mime: photo.blob.type, stage };
  const result = await c.capture(report, 'attach', args, { blob: photo.blob, stage });
  if (result.status === 'refused') say(inWords(result), false);
  return result.status !== 'refused';
}
