import { byId, position } from './dom';

/** Leads to the list of what is open around this device. Three decimals are a
 * hundred metres: enough for a list. */
export function nearMe() {
  const box = byId('near');
  const button = box?.querySelector('button');
  const said = box?.querySelector('[role=status]');
  if (!box || !button || !said) return;
  box.hidden = false;
  button.addEventListener('click', async () => {
    said.textContent = box.dataset.busy ?? '';
    const p = await position();
    if (p) location.assign(`/reports?lon=${p.lon.toFixed(3)}&lat=${p.lat.toFixed(3)}`);
    else said.textContent = box.dataset.failed ?? '';
  });
}

/** The map beside the list, fetched only when somebody wants it. */
export function showMap() {
  const tools = byId('map-tools');
  const box = byId('map');
  const button = tools?.querySelector('button');
  const label = button?.querySelector('span');
  const said = tools?.querySelector<HTMLElement>('[role=status]');
  if (!tools || !box || !button || !label || !said) return;
  tools.hidden = false;
  const close = label.dataset.open ?? '';
  const open = label.textContent ?? '';
  let leave: (() => void) | undefined;
  const toggle = (shown: boolean) => {
    box.hidden = !shown;
    button.setAttribute('aria-expanded', String(shown));
    label.textContent = shown ? close : open;
  };
  button.addEventListener('click', async () => {
    toggle(box.hidden !== false);
    said.textContent = '';
    if (box.hidden) {
      leave?.();
      box.replaceChildren();
      return;
    }
    try {
      const map = await import('./map');
      leave = await map.show(box, box.dataset.query ?? '');
      // It opens below the button or beside the list: perhaps out of sight.
      box.scrollIntoView({ block: 'nearest' });
      said.textContent = said.dataset.live ?? '';
    } catch {
      toggle(false);
      said.textContent = said.dataset.failed ?? '';
    }
  });
}
