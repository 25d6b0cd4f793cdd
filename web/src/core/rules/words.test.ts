import { expect, test } from 'vitest';
import { tidy } from './words';

test.each([
  ['Buca\u0000 in via Balbi', 'Buca in via Balbi'],
  ['a\r\nb\rc\nd', 'a\nb\nc\nd'],
  ['\u202eotunim\u202c', 'otunim'],
  ['\u2066isolato\u2069', 'isolato'],
  ['zero\u200bwidth\ufeff', 'zerowidth'],
  ['morbido\u00adtrattino', 'morbidotrattino'],
  ['mezzo \ud83d carattere', 'mezzo  carattere'],
  ['\u{e0041}tag', 'tag'],
  ['نمی‌خواهم', 'نمی‌خواهم'],
  ['👩‍👩‍👧 è qui, perché no? €5', '👩‍👩‍👧 è qui, perché no? €5'],
  ['tab\there', 'tab\there'],
  ['senza \ufffd senso', 'senza  senso'],
])('%j is cleaned and kept', (dirty, want) => {
  expect(tidy('text', dirty, 100)).toBe(want);
});
