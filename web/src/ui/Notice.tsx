import type { ComponentChildren } from 'preact';
import { Icon, type IconName } from './Icon';

type Kind = 'danger' | 'warn' | 'good' | '';
const icons: Record<Kind, IconName> = {
  danger: 'warning',
  warn: 'warning',
  good: 'resolved',
  '': 'help',
};

export function Notice({ kind = '', children }: { kind?: Kind; children: ComponentChildren }) {
  return (
    <div class={`notice ${kind}`}>
      <Icon name={icons[kind]} />
      <div>{children}</div>
    </div>
  );
}
