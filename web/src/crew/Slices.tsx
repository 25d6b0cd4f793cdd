import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { t } from '../text/catalogue';

type Props<T> = { items: readonly T[]; children: (item: T) => ComponentChildren };

const first = 25;
const step = 50;

/** A long list, drawn as far as it is scrolled: two thousand jobs are one screen. */
export function Slices<T>({ items, children }: Props<T>) {
  const shown = useSignal(first);
  const end = useRef<HTMLButtonElement>(null);
  const more = () => {
    shown.value += step;
  };
  const rest = items.length - shown.value;
  useEffect(() => {
    const button = end.current;
    if (!button) return;
    const watch = new IntersectionObserver(
      (seen) => {
        if (seen.some((s) => s.isIntersecting)) shown.value += step;
      },
      { rootMargin: '1200px' },
    );
    watch.observe(button);
    return () => watch.disconnect();
    // Watched anew after each slice: a button that stays in view says nothing twice.
  }, [shown, shown.value, rest > 0]);
  return (
    <>
      <ul class="stack">{items.slice(0, shown.value).map(children)}</ul>
      {rest > 0 && (
        <button ref={end} type="button" class="button wide" onClick={more}>
          {t('crew.today.more', { n: rest })}
        </button>
      )}
    </>
  );
}
