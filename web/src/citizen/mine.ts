import { byId, make } from './dom';
import { all, type Draft, drop } from './drafts';
import { sendWaiting } from './send';

/** Fills the page of one's drafts; gives how to draw it again. */
export function showDrafts(): () => void {
  const box = byId('drafts');
  const list = box?.querySelector('ul');
  const said = box?.querySelector('p');
  if (!box || !list || !said) return () => {};
  const word = (key: string, fill = '') => (box.dataset[key] ?? '').replace(/\{\w+\}/, fill);

  const button = (text: string, click: (b: HTMLButtonElement) => void) => {
    const b = make('button', { type: 'button', className: 'button' }, text);
    b.addEventListener('click', () => click(b));
    return b;
  };
  const row = (d: Draft) => {
    const about = make(
      'div',
      { className: 'about' },
      make('strong', {}, d.title || word('nameless')),
    );
    const state = {
      draft: 'unfinished',
      waiting: 'waiting',
      refused: 'refused',
      sent: 'sent',
    } as const;
    about.append(
      make(
        'span',
        { className: 'soft' },
        new Date(d.saved).toLocaleString(document.documentElement.lang, {
          dateStyle: 'long',
          timeStyle: 'short',
        }),
      ),
    );
    about.append(
      make(
        'span',
        { className: `state ${d.state}` },
        d.state === 'sent' && !d.code
          ? word('known')
          : d.failed
            ? word('failed')
            : word(state[d.state], d.state === 'sent' ? d.spoken : d.why),
      ),
    );
    const tools = make('div', { className: 'row' });
    if (d.state === 'sent' && !d.code) {
      tools.append(
        button(word('drop'), async () => {
          await drop(d.id);
          await draw();
        }),
      );
    } else if (d.state === 'sent') {
      const link = make(
        'a',
        { className: 'button main', href: `/r/${d.code}?thanks=1` },
        word('receipt'),
      );
      tools.append(link);
    } else {
      const kind = d.fields.find(([name]) => name === 'kind')?.[1];
      const href = `/report?draft=${d.id}${kind ? `&kind=${kind}` : ''}`;
      if (d.state === 'waiting') tools.append(button(word('now'), send));
      tools.append(make('a', { className: 'button', href }, word('open')));
      tools.append(
        button(word('drop'), async (b) => {
          if (b.textContent === word('sure')) {
            await drop(d.id);
            await draw();
          } else b.textContent = word('sure');
        }),
      );
    }
    return make('li', { className: 'card' }, about, tools);
  };
  const draw = async () => {
    const drafts = await all();
    said.textContent = drafts.length ? '' : word('empty');
    list.replaceChildren(...drafts.map(row));
  };
  const send = async () => {
    said.textContent = word('busy');
    await sendWaiting().catch(() => {});
    await draw();
  };
  void draw();
  return () => void draw();
}
