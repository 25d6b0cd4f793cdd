import { expect, test } from 'vitest';
import { trust, wordsAndLinks } from './trusted';

test.each([
  ['© <a href="https://osm.org/c">OSM</a>', '© <a rel="noopener" href="https://osm.org/c">OSM</a>'],
  ['<img src=x onerror=alert(1)>x', 'x'],
  ['<a href="javascript:alert(1)">x</a>', 'x</a>'],
  ['<script>alert(1)</script>', 'alert(1)'],
  ['<<script>script>', 'script'],
  ['a <b', 'a b'],
])('%s becomes %s', (html, want) => {
  expect(wordsAndLinks(html)).toBe(want);
});

test('scripts come from our own origin only', () => {
  let rules: Record<string, (text: string) => string> = {};
  trust('https://town.example', {
    createPolicy: (_, r) => {
      rules = r;
    },
  });
  expect(rules.createScriptURL?.('/sw.js')).toBe('/sw.js');
  expect(() => rules.createScriptURL?.('https://evil.example/x.js')).toThrow();
});
