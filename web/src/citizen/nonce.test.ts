import { expect, test } from 'vitest';
import { mintNonce, withoutNonce } from './nonce';

test('a nonce is 24 random bytes in base64url', () => {
  const all = new Set(Array.from({ length: 200 }, mintNonce));
  expect(all.size).toBe(200);
  for (const one of all) expect(one).toMatch(/^[\w-]{32}$/);
});

test('a page is kept without the nonce that was drawn for it', async () => {
  const page = new Response(
    '<form><input type="hidden" name="id"><input type="hidden" name="nonce" value="c2VjcmV0"><input name="title" value="x"></form>',
    { headers: { 'content-type': 'text/html; charset=utf-8' } },
  );
  const kept = await withoutNonce(page);
  expect(kept.headers.get('content-type')).toBe('text/html; charset=utf-8');
  expect(await kept.text()).toBe(
    '<form><input type="hidden" name="id"><input type="hidden" name="nonce" value=""><input name="title" value="x"></form>',
  );
});
