import { afterEach, expect, test, vi } from 'vitest';
import { Tabs, tellTabs, type Word } from './tabs';

afterEach(() => {
  vi.unstubAllGlobals();
});

test('a tab hears what another page of its app tells, and nothing of its own', async () => {
  const heard: Word[] = [];
  const tabs = new Tabs('tabs', (word) => heard.push(word));
  tellTabs('other', 'left');
  tabs.tell('nudge');
  tellTabs('tabs', 'left');
  await vi.waitFor(() => expect(heard).toEqual(['left']));
  tabs.close();
});

test('where tabs cannot talk each goes on alone', async () => {
  vi.stubGlobal('BroadcastChannel', undefined);
  const tabs = new Tabs('tabs', () => {});
  expect(() => {
    tabs.tell('nudge');
    tellTabs('tabs', 'left');
    tabs.close();
  }).not.toThrow();
});
