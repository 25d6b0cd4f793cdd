import { t } from '../text/catalogue';
import { Dialog } from '../ui/Dialog';
import { shortcuts, useShortcuts } from './keys';

const keys = [
  ['j', 'desk.keys.j'],
  ['k', 'desk.keys.k'],
  ['a', 'desk.keys.a'],
  ['r', 'desk.keys.r'],
  ['?', 'desk.keys.help'],
] as const;

export function Help({ close }: { close: () => void }) {
  return (
    <Dialog title={t('desk.keys.title')} close={close}>
      <label class="choice">
        <input
          type="checkbox"
          checked={shortcuts.value}
          onChange={(e) => useShortcuts(e.currentTarget.checked)}
        />
        {t('desk.keys.on')}
      </label>
      <dl class="keys">
        {keys.map(([key, name]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{t(name)}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
