import { said, unsay } from '../app/capture';
import { t } from '../text/catalogue';
import { Icon } from './Icon';

/** What the last action came to; the region is there before the words are. */
export function Said() {
  const s = said.value;
  return (
    <div class="said" role="status">
      {s && (
        <div class={`said-words ${s.good ? 'good' : 'danger'}`}>
          <Icon name={s.good ? 'resolved' : 'warning'} />
          <span>{s.text}</span>
          {s.undo ? (
            <button type="button" class="button" onClick={s.undo}>
              {t('core.undo')}
            </button>
          ) : (
            !s.good && (
              <button
                type="button"
                class="button plain"
                onClick={unsay}
                aria-label={t('core.close')}
              >
                <Icon name="close" />
              </button>
            )
          )}
        </div>
      )}
    </div>
  );
}
