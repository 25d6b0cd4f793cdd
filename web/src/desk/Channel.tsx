import type { Channel as Name } from '../core/civic';
import { t } from '../text/catalogue';
import { Icon, type IconName } from '../ui/Icon';

const icons: Record<Name, IconName> = {
  web: 'web',
  app: 'outbox',
  phone: 'phone',
  counter: 'counter',
  email: 'mail',
  open311: 'plug',
  staff: 'staff',
};

export function Channel({ channel }: { channel: Name | undefined }) {
  if (!channel) return null;
  return (
    <span class="row channel">
      <Icon name={icons[channel] ?? 'web'} />
      {t(`core.channel.${channel}`)}
    </span>
  );
}
