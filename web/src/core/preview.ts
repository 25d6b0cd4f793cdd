/** The longer side of a preview, in pixels: what the office sees in its list. */
const longest = 320;
const quality = 0.6;

/** A small picture of a picture, or undefined where this browser cannot draw one. */
export async function preview(blob: Blob): Promise<Blob | undefined> {
  try {
    const image = await createImageBitmap(blob);
    const scale = Math.min(1, longest / Math.max(image.width, image.height));
    const canvas = new OffscreenCanvas(
      Math.max(1, Math.round(image.width * scale)),
      Math.max(1, Math.round(image.height * scale)),
    );
    canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
    image.close();
    return await canvas.convertToBlob({ type: 'image/jpeg', quality });
  } catch {
    return undefined;
  }
}
