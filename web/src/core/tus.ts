import { DetailedError, Upload } from 'tus-js-client';

/** One picture on its way, resumably. */
export type Job = {
  base: string;
  blob: Blob;
  sha256: string;
  report: string;
  /** Where an earlier try began it. */
  url?: string;
  token: () => string;
  /** The upload has a place, worth keeping for the next try. */
  began: (url: string) => void;
  /** Bytes on the way so far: what the network has taken, not what the town has. */
  moved: (bytes: number) => void;
};

/** done; later: the network or the server is not up to it; broken: the bytes that
 * arrived were others; else the refusal's code. */
export type Outcome = 'done' | 'later' | 'broken' | { refused: string };

const stalledMs = 60_000;
/** What another try may change; the answers of tus beside those of HTTP. */
const passing = [401, 404, 408, 409, 410, 423, 429];

/** Sends a picture from where it stood. A connection that says nothing for a minute
 * is given up. */
export function send(job: Job): Promise<Outcome> {
  return new Promise((done) => {
    let stalled: ReturnType<typeof setTimeout> | undefined;
    const upload = new Upload(job.blob, {
      endpoint: `${job.base}/media/uploads`,
      uploadUrl: job.url ?? null,
      metadata: { sha256: job.sha256, filetype: job.blob.type, report: job.report },
      // The picture itself remembers its place, beside its bytes.
      storeFingerprintForResuming: false,
      // A creation that was begun before is met in its midst: the second try asks where.
      retryDelays: [0, 1000],
      onShouldRetry: (error) => error.originalResponse?.getStatus() === 409,
      onBeforeRequest: (request) => {
        request.setHeader('Authorization', `Bearer ${job.token()}`);
        alive();
      },
      onUploadUrlAvailable: () => upload.url && job.began(upload.url),
      onProgress: (bytes) => {
        alive();
        job.moved(bytes);
      },
      onSuccess: () => end('done'),
      onError: (error) => end(outcomeOf(error)),
    });
    const end = (outcome: Outcome) => {
      clearTimeout(stalled);
      done(outcome);
    };
    const alive = () => {
      clearTimeout(stalled);
      stalled = setTimeout(() => {
        void upload.abort();
        done('later');
      }, stalledMs);
    };
    alive();
    upload.start();
  });
}

export function outcomeOf(error: Error): Outcome {
  const answer = error instanceof DetailedError ? error.originalResponse : null;
  const status = answer?.getStatus() ?? 0;
  if (status === 460) return 'broken';
  if (status < 400 || status >= 500 || passing.includes(status)) return 'later';
  try {
    return { refused: JSON.parse(answer?.getBody() ?? '').code ?? 'invalid' };
  } catch {
    return { refused: status === 415 ? 'photo_type' : 'invalid' };
  }
}
