import type { Result, Stage } from '../civic';
import { applied, type Change, merged, refuse } from './change';

/** What one report holds at most: civic/edit_attach.go. */
export const maxAttachments = 10;
export const maxAttachmentBytes = 15_000_000;

const stages: Stage[] = ['report', 'before', 'after', 'reply'];

export function attach(c: Change): Result {
  const { sha256, bytes, mime, stage } = c.edit.args as {
    sha256: string;
    bytes: number;
    mime: string;
    stage: Stage;
  };
  if (!/^[0-9a-f]{64}$/.test(sha256)) return refuse('invalid', { field: 'sha256' });
  if (!(bytes > 0 && bytes <= maxAttachmentBytes)) {
    return refuse('too_long', { field: 'bytes', max: maxAttachmentBytes });
  }
  if ((mime ?? '').length > 100) return refuse('invalid', { field: 'mime' });
  if (!stages.includes(stage)) return refuse('unknown_value', { field: 'stage' });
  if (c.actor.role === 'citizen' && stage !== 'report') return refuse('forbidden');
  const photos = c.before.photos ?? {};
  const old = photos[sha256];
  if (old) {
    // Its bytes are what they were; a reporter takes away no proof.
    if (old.stage === stage || c.actor.role === 'citizen') return merged;
    c.next.photos = { ...photos, [sha256]: { ...old, stage } };
    return applied;
  }
  const held = Object.values(photos);
  if (held.length >= maxAttachments) {
    return refuse('limit', { field: 'photos', max: maxAttachments });
  }
  c.next.photos = {
    ...photos,
    [sha256]: {
      stage,
      state: 'waiting',
      ...(mime ? { mime } : {}),
      n: Math.max(held.length, ...held.map((p) => p.n ?? 0)) + 1,
      ...c.by(),
      from: c.actor.role,
      at: c.now,
    },
  };
  return applied;
}
