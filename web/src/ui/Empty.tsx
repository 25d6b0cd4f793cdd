import type { ComponentChildren } from 'preact';
import { Icon, type IconName } from './Icon';

type Props = { icon: IconName; title: string; text: string; children?: ComponentChildren };

export function Empty({ icon, title, text, children }: Props) {
  return (
    <div class="empty">
      <Icon name={icon} />
      <h2>{title}</h2>
      <p>{text}</p>
      {children}
    </div>
  );
}
