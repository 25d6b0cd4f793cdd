import { maxAttachmentBytes } from '../core/rules/attach';
import { redraw } from './jpeg';

export type Shrunk = { blob: Blob; sha256: string };

/**
 * Makes a JPEG of at most 2048 pixels, upright, without what a camera writes
 * beside the picture: it is drawn anew. It throws for what is no picture.
 */
export async function shrink(file: Blob): Promise<Shrunk> {
  const blob = await redraw(file);
  return { blob, sha256: await sha256Of(blob) };
}

async function sha256Of(blob: Blob): Promise<string> {
  const hash = await crypto.subtle.digest('SHA-256', await blob.arrayBuffer());
  return Array.from(new Uint8Array(hash), (b) => b.toString(16).padStart(2, '0')).join('');
}

/** A document as it is. It throws for what is none; the town looks closer. */
export async function whole(file: Blob): Promise<Shrunk> {
  const head = await file.slice(0, 5).text();
  if (head !== '%PDF-' || file.size > maxAttachmentBytes) throw new Error('no document');
  const blob = file.slice(0, file.size, 'application/pdf');
  return { blob, sha256: await sha256Of(blob) };
}
