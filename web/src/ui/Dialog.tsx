import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';
import { t } from '../text/catalogue';
import { Icon } from './Icon';

type Props = { title: string; close: () => void; children: ComponentChildren; wide?: boolean };

/** The browser's own modal dialog: it keeps the focus and closes by Escape. Where there
 * is none (Safari before 15.4) it stands over the page and closes by Escape. */
export function Dialog({ title, close, children, wide = false }: Props) {
  const ref = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    const d = ref.current;
    if (!d) return;
    if (typeof d.showModal === 'function') {
      d.showModal();
      return () => d.close();
    }
    d.setAttribute('open', '');
    d.dataset.over = '';
    d.setAttribute('role', 'dialog');
    d.setAttribute('aria-modal', 'true');
    const before = document.activeElement as HTMLElement | null;
    d.querySelector<HTMLElement>('input, textarea, select, button')?.focus();
    return () => before?.focus();
  }, []);
  const byEscape = (e: KeyboardEvent) => {
    if (e.key === 'Escape' && typeof ref.current?.showModal !== 'function') close();
  };
  return (
    <dialog
      ref={ref}
      class={wide ? 'wide' : ''}
      aria-labelledby={id}
      onClose={close}
      onKeyDown={byEscape}
    >
      <div class="stack">
        <div class="row dialog-head">
          <h2 id={id}>{title}</h2>
          <button
            type="button"
            class="button plain push"
            onClick={close}
            aria-label={t('core.close')}
          >
            <Icon name="close" />
          </button>
        </div>
        {children}
      </div>
    </dialog>
  );
}
