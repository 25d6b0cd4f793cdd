/** The longer side of a picture that leaves the device, in pixels. */
const longest = 2048;
const quality = 0.82;

/** Draws a picture anew as a JPEG of at most 2048 pixels, upright, without what a camera
 * writes beside it. It throws for what this browser cannot read. An <img> turns a photo
 * upright in every browser; createImageBitmap is newer, and Chrome before 114 refuses
 * to be told. */
export async function redraw(file: Blob): Promise<Blob> {
  const src = URL.createObjectURL(file);
  try {
    const image = new Image();
    image.src = src;
    await image.decode();
    const { naturalWidth: w, naturalHeight: h } = image;
    const scale = Math.min(1, longest / Math.max(w, h));
    const canvas = document.createElement('canvas');
    canvas.width = Math.max(1, Math.round(w * scale));
    canvas.height = Math.max(1, Math.round(h * scale));
    const context = canvas.getContext('2d');
    if (!context) throw new Error('no canvas');
    context.drawImage(image, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise<Blob | null>((done) =>
      canvas.toBlob(done, 'image/jpeg', quality),
    );
    if (!blob) throw new Error('no picture');
    return blob;
  } finally {
    URL.revokeObjectURL(src);
  }
}
