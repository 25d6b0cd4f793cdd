import { byId } from './dom';

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
      const response = await fetch(`/report/questions?service=${encodeURIComponent(wanted)}`);
      const page = new DOMParser().parseFromString(await response.text(), 'text/html');
      if (response.ok && shown() === '') box.replaceChildren(...page.body.childNodes);
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
