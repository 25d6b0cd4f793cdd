import { afterEach, expect, test, vi } from 'vitest';
import type { Report } from '../core/civic';
import { choose, speak } from '../text/catalogue';
import { bring } from '../text/desk';
import { reasonInWords } from './reason';
import { taking } from './taking';

afterEach(() => {
  vi.unstubAllGlobals();
});

const report: Report = { id: '1', rev: 4, status: 'in_progress' };
const conflict = { field: 'status', value: 'resolved', at: '2027-03-10T09:30:00Z' };

test('what the office takes over is kept alike in any language, and read in the reader’s', async () => {
  vi.stubGlobal('localStorage', { setItem() {}, getItem: () => null });
  await speak(bring);
  const kept: unknown[] = [];
  const read: string[] = [];
  for (const lang of ['it', 'en'] as const) {
    await choose(lang);
    const edit = taking(report, conflict);
    kept.push(edit);
    read.push(reasonInWords(String(edit.args.reason)));
  }
  expect(kept[1]).toEqual(kept[0]);
  expect(kept[0]).toMatchObject({
    kind: 'transition',
    args: { from: 'in_progress', to: 'resolved' },
  });
  expect(read).toEqual(["Confermato dall'ufficio", 'Confirmed by the office']);
});

test('words that somebody typed are read as they are', () => {
  expect(reasonInWords('Era già a posto')).toBe('Era già a posto');
});
