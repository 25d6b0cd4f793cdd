import { signal } from '@preact/signals';
import type { Result } from '../core/civic';
import { maybe, t } from '../text/catalogue';
import { client } from './live';
import type { Shrunk } from './shrink';

/** What the last action came to, in words, for everybody to see and hear. */
export const said = signal<{ text: string; good: boolean } | undefined>(undefined);
let hush: ReturnType<typeof setTimeout> | undefined;

export function say(text: string, good = true) {
  said.value = { text, good };
  clearTimeout(hush);
  hush = setTimeout(
    () => {
      said.value = undefined;
    },
    good ? 4000 : 12_000,
  );
}

/** The sentence of a refusal. */
export function inWords(r: Pick<Result, 'code' | 'args'>): string {
  const args = (r.args ?? {}) as Record<string, string | number>;
  return (
    maybe(`error.${r.code}`, args) ?? maybe(`core.refused.${r.code}`, args) ?? t('error.internal')
  );
}

/** Keeps an edit and says so, or says why not. True when it is kept. */
export async function capture(
  report: string,
  kind: string,
  args: Record<string, unknown>,
  done?: string,
): Promise<boolean> {
  const c = client.value;
  if (!c) return false;
  const result = await c.capture(report, kind, args);
  if (result.status === 'refused') {
    say(inWords(result), false);
    return false;
  }
  if (result.status === 'merged') say(t('core.merged'));
  else if (done) say(done);
  return true;
}

export async function capturePhoto(report: string, photo: Shrunk, stage: string): Promise<boolean> {
  const c = client.value;
  if (!c) return false;
  const args = { sha256: photo.sha256, bytes: photo.blob.size, mime: photo.blob.type, stage };
  const result = await c.capture(report, 'attach', args, { blob: photo.blob, stage });
  if (result.status === 'refused') say(inWords(result), false);
  return result.status !== 'refused';
}
