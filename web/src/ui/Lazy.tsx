import { useSignal } from '@preact/signals';
import type { ComponentType } from 'preact';
import { useEffect } from 'preact/hooks';
import { t } from '../text/catalogue';
import { Notice } from './Notice';
import { Skeleton } from './Skeleton';

/** A screen, or a part of one with its props, that is brought when it is wanted, so that
 * the first one is there sooner. The service worker keeps all of them. */
export function Lazy<P extends object = object>(
  props: { from: () => Promise<ComponentType<P>> } & P,
) {
  const { from, ...rest } = props;
  const screen = useSignal<{ Screen: ComponentType<P> } | 'failed' | undefined>(undefined);
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
  return s ? <s.Screen {...(rest as unknown as P)} /> : <Skeleton lines={3} />;
}
