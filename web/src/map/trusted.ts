/**
 * Where the page demands Trusted Types, the one policy that the map needs: a
 * worker of our own origin, and markup without anything that runs.
 */
type Factory = {
  createPolicy(name: string, rules: Record<string, (text: string) => string>): unknown;
};

export function trust(origin: string, factory = (globalThis as { trustedTypes?: Factory }).trustedTypes) {
  factory?.createPolicy('default', {
    createScriptURL: (url) => {
      if (new URL(url, origin).origin === origin) return url;
      throw new TypeError('a script of another origin');
    },
    createHTML: (html) => {
      const doc = new DOMParser().parseFromString(html, 'text/html');
      for (const e of doc.querySelectorAll('script,iframe,object,embed,form,style,link')) e.remove();
      for (const e of doc.querySelectorAll('*')) {
        for (const a of [...e.attributes]) {
          if (a.name.startsWith('on') || /^\s*javascript:/i.test(a.value)) e.removeAttribute(a.name);
        }
      }
      return doc.body.innerHTML;
    },
  });
}
