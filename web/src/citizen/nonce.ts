/** What the sender of a report proves themselves by: born with it, kept with it, and
 * sent along each time. Whoever knows only what the report says does not know it. */
export function mintNonce(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(24));
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_');
}

/** A page of the form without the nonce that the town drew for it: what is kept here
 * serves many reports, and each has its own. */
export async function withoutNonce(page: Response): Promise<Response> {
  const { status, statusText, headers } = page;
  const text = (await page.text()).replace(/(name="nonce" value=")[^"]*/g, '$1');
  return new Response(text, { status, statusText, headers });
}
