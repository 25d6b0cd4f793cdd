import { said } from '../app/capture';
import { Icon } from './Icon';

/** What the last action came to; the region is there before the words are. */
export function Said() {
  const s = said.value;
  return (
    <div class="said" role="status">
      {s && (
        <div class={`said-words ${s.good ? 'good' : 'danger'}`}>
          <Icon name={s.good ? 'resolved' : 'warning'} />
          {s.text}
        </div>
      )}
    </div>
  );
}
