import { expect, test } from 'vitest';
import { report } from '../core/testing/fixtures';
import { withTexts } from './opened';

test('an opened case has its words and its person where a desk looks for them', () => {
  const r = {
    ...report(1),
    notes: { n: { at: '2027-03-10T09:00:00Z' } },
    messages: { m: { from: 'citizen' as const, at: '2027-03-10T09:00:00Z' } },
  };
  const opened = withTexts(r, { n: 'Sentito il medico', m: 'Grazie' }, { name: 'Anna' });
  expect(opened.notes?.n?.text).toBe('Sentito il medico');
  expect(opened.messages?.m?.text).toBe('Grazie');
  expect(opened.reporter?.name).toBe('Anna');
  expect(withTexts(r, {}, undefined).notes?.n?.text).toBeUndefined();
});
