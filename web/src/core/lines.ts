import { overNetwork } from './network';

/** The lines of an answer as they come. heard is called for every piece. */
export async function* lines(r: Response, heard: () => void = () => {}): AsyncGenerator<string> {
  if (!r.body) return;
  const reader = r.body.getReader();
  const decoder = new TextDecoder();
  let rest = '';
  try {
    for (;;) {
      const { done, value } = await overNetwork(reader.read());
      heard();
      rest += done ? decoder.decode() : decoder.decode(value, { stream: true });
      const parts = rest.split('\n');
      rest = done ? '' : (parts.pop() ?? '');
      yield* parts;
      if (done) return;
    }
  } finally {
    // Whoever stops early wants no more of it.
    await reader.cancel().catch(() => {});
  }
}
