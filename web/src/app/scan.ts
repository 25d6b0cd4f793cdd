/** The browser's own reader of codes, where there is one. */
type Detector = { detect(image: HTMLVideoElement): Promise<{ rawValue: string }[]> };
type DetectorClass = {
  new (o: { formats: string[] }): Detector;
  getSupportedFormats(): Promise<string[]>;
};

const detector = () => (globalThis as { BarcodeDetector?: DetectorClass }).BarcodeDetector;

export async function canScan(): Promise<boolean> {
  const formats = await detector()
    ?.getSupportedFormats()
    .catch(() => []);
  return (formats ?? []).includes('qr_code') && !!navigator.mediaDevices?.getUserMedia;
}

/** The code in what somebody scanned or typed: an address that ends in it, or itself,
 * with the spaces that make it readable. */
export const codeIn = (text: string): string =>
  (text.includes('#') ? text.slice(text.lastIndexOf('#') + 1) : text)
    .replace(/\s+/g, '')
    .toUpperCase();

const everyMs = 250;

/** Looks through the camera until a code is found, or the function that it gives is
 * called. */
export function scan(
  video: HTMLVideoElement,
  found: (text: string) => void,
  failed: () => void,
): () => void {
  let stream: MediaStream | undefined;
  let timer: ReturnType<typeof setInterval> | undefined;
  let ended = false;
  const stop = () => {
    ended = true;
    clearInterval(timer);
    for (const track of stream?.getTracks() ?? []) track.stop();
  };
  const start = async () => {
    const Reader = detector();
    if (!Reader) return failed();
    stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' } });
    if (ended) return stop();
    video.srcObject = stream;
    await video.play();
    const reader = new Reader({ formats: ['qr_code'] });
    timer = setInterval(async () => {
      const [code] = await reader.detect(video).catch(() => []);
      if (!code || ended) return;
      stop();
      found(code.rawValue);
    }, everyMs);
  };
  start().catch(() => {
    stop();
    failed();
  });
  return stop;
}
