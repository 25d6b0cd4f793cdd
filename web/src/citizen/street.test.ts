import { expect, test } from 'vitest';
import { streetOf } from './street';

const at = { lon: 8.9, lat: 44.4 };
const known = ['Via Prè', 'Via Balbi', 'Via Balbi Piovera'].map((street) => ({
  street,
  label: street,
  ...at,
}));

test.each([
  ['via balbi 12', 'Via Balbi'],
  ['Via Balbi', 'Via Balbi'],
  ['via balbi, davanti alla scuola', 'Via Balbi'],
  ['VIA PRE 3', 'Via Prè'],
  ['Via Balbina 2', undefined],
  ['davanti a Via Balbi', undefined],
  ['', undefined],
])('%s is in %s', (address, street) => {
  expect(streetOf(address, known)?.street).toBe(street);
});
