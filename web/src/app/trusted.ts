/**
 * Where the page demands Trusted Types, the one policy that it needs: scripts
 * and workers of our own origin, and of markup only words and links. MapLibre
 * writes its attribution so.
 */
type Factory = {
  createPolicy(name: string, rules: Record<string, (text: string) => string>): unknown;
};

export function trust(
  origin: string,
  factory = (globalThis as { trustedTypes?: Factory }).trustedTypes,
) {
  factory?.createPolicy('default', {
    createScriptURL: (url) => {
      if (new URL(url, origin).origin === origin) return url;
      throw new TypeError('a script of another origin');
    },
    createHTML: wordsAndLinks,
  });
}

/** Leaves links to the web and drops every other tag. A parser would be a sink
 * of its own, and this policy its guard, without end. */
export function wordsAndLinks(html: string): string {
  const parts = html.split(/(<[^>]*>)/);
  return parts
    .map((part, i) => (i % 2 === 1 ? linkOnly(part) : part.replace(/[<>]/g, '')))
    .join('');
}

function linkOnly(tag: string): string {
  if (/^<\/a\s*>$/i.test(tag)) return '</a>';
  const href = /^<a\s[^>]*href="(https?:\/\/[^"\s<>]*)"/i.exec(tag)?.[1];
  return href ? `<a rel="noopener" href="${href}">` : '';
}
