import { maxAttachmentBytes } from '../core/rules/attach';

/** The longer side of a picture that leaves the device, in pixels. */
const longest = 2048;
const quality = 0.82;

export type Shrunk = { blob: Blob; sha256: string };

/**
 * Makes a JPEG of at most 2048 pixels, upright, without what a camera writes
 * beside the picture: it is drawn anew. It throws for what is no picture.
 */
export async function shrink(file: Blob): Promise<Shrunk> {
  const image = await createImageBitmap(file, { imageOrientation: 'from-image' });
  const scale = Math.min(1, longest / Math.max(image.width, image.height));
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.round(image.width * scale));
  canvas.height = Math.max(1, Math.round(image.height * scale));
  const context = canvas.getContext('2d');
  if (!context) throw new Error('no canvas');
  context.drawImage(image, 0, 0, canvas.width, canvas.height);
  image.close();
  const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, 'image/jpeg', quality));
  if (!blob) throw new Error('no picture');
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
