import { useSignal } from '@preact/signals';
import type { ComponentType } from 'preact';
import { useEffect } from 'preact/hooks';
import { t } from '../text/catalogue';
import { Notice } from './Notice';
import { Skeleton } from './Skeleton';

/** A screen that is brought when it is wanted, so that the first one is there sooner.
 * The service worker keeps all of them. */
export function Lazy({ from }: { from: () => Promise<ComponentType> }) {
  const screen = useSignal<{ Screen: ComponentType } | 'failed' | undefined>(undefined);
  useEffect(() => {
    from().then(
      (Screen) => {
        screen.value = { Screen };
      },
      () => {
        screen.value = 'failed';
      },
    );
  }, [from, screen]);
  const s = screen.value;
  if (s === 'failed') return <Notice kind="warn">{t('core.screen.failed')}</Notice>;
  return s ? <s.Screen /> : <Skeleton lines={3} />;
}
