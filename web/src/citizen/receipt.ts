import { byId } from './dom';
import { dropArrived } from './draft';

/** The buttons of the thanks page, which are of no use without script. */
export function keepReceipt() {
  if (!document.querySelector('[data-done]')) return;
  void dropArrived(location.pathname.replace('/r/', ''));
  const row = byId('keep');
  if (!row) return;
  row.hidden = false;
  row.querySelector('[data-print]')?.addEventListener('click', () => print());
  const copy = row.querySelector<HTMLButtonElement>('[data-copy]');
  if (copy && !navigator.clipboard) copy.hidden = true;
  copy?.addEventListener('click', async () => {
    try {
      await navigator.clipboard.writeText(copy.dataset.copy ?? '');
      const said = row.querySelector('[role=status]');
      if (said) said.textContent = row.dataset.copied ?? '';
    } catch {
      // The link stands above: it can be copied by hand.
    }
  });
}
