import { now } from '../app/clock';
import { dueOf } from '../app/due';
import { dueInWords } from '../app/format';
import type { Report } from '../core/civic';
import { t } from '../text/catalogue';
import { Icon } from './Icon';

const looks = {
  over: ['danger', 'warning'],
  soon: ['warn', 'clock'],
  fine: ['quiet', 'clock'],
  paused: ['quiet', 'pause'],
} as const;

export function Deadline({ report, named = false }: { report: Report; named?: boolean }) {
  const due = dueOf(report, now.value);
  if (!due) return null;
  const [colour, icon] = looks[due.state];
  const what = t(due.what === 'reply' ? 'core.deadline.reply' : 'core.deadline.resolution');
  return (
    <span class={`chip ${colour}`}>
      <Icon name={icon} />
      <span class={named ? '' : 'unseen'}>{what}: </span>
      {dueInWords(due)}
    </span>
  );
}
