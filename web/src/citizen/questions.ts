import { patiently } from '../core/patience';
import { byId, helpMs } from './dom';

/** Brings what a service asks when it is chosen; gives how to wait for it. */
export function improveQuestions(form: HTMLFormElement): () => Promise<void> {
  const box = byId('more-questions');
  const shown = () => box?.querySelector<HTMLInputElement>('[name=asked]')?.value ?? '';
  const bring = async () => {
    // A picture with one service behind it is that service.
    const picture = form.querySelector('input[name=group]:checked')?.parentElement;
    const chosen =
      picture?.querySelector<HTMLInputElement>('input[name=service]:checked') ??
      picture?.querySelector<HTMLInputElement>('.single input');
    const wanted = chosen && 'asks' in chosen.dataset ? chosen.value : '';
    if (!box || wanted === shown()) return;
    box.replaceChildren();
    if (!wanted) return;
    try {
      const text = await patiently(helpMs, async (signal) => {
        const query = `service=${encodeURIComponent(wanted)}`;
        const response = await fetch(`/report/questions?${query}`, { signal });
        return response.ok ? response.text() : '';
      });
      const page = new DOMParser().parseFromString(text, 'text/html');
      if (text && shown() === '') box.replaceChildren(...page.body.childNodes);
    } catch {
      // The town asks when the report arrives.
    }
  };
  form.addEventListener('change', (e) => {
    const name = (e.target as HTMLInputElement).name;
    if (name === 'group' || name === 'service') void bring();
  });
  return bring;
}
