import { connection, received } from '../app/live';
import { t } from '../text/catalogue';
import { Empty } from '../ui/Empty';
import { Icon } from '../ui/Icon';
import { Skeleton } from '../ui/Skeleton';
import { queues } from './queues';
import { Row } from './Row';
import { list, queue, search, sizes } from './state';

/** More than anybody reads through: a search finds the rest. */
const shown = 200;

export function List() {
  const empty = !received.value && connection.value !== 'offline';
  const found = list.value;
  const searching = search.value.trim() !== '';
  return (
    <section class="list-pane" aria-label={t('desk.list')}>
      <h1 class="unseen">{t('desk.list')}</h1>
      <nav class="queues" aria-label={t('desk.queues')}>
        {queues.map((q) => (
          <button
            key={q}
            type="button"
            class={`queue ${q === 'overdue' && sizes.value.overdue > 0 ? 'pressing' : ''}`}
            aria-pressed={!searching && queue.value === q}
            onClick={() => {
              queue.value = q;
              search.value = '';
            }}
          >
            <span class="queue-size">{sizes.value[q]}</span>
            <span>{t(`desk.queue.${q}`)}</span>
          </button>
        ))}
      </nav>
      <div class="search">
        <Icon name="search" />
        <input
          class="input"
          type="search"
          aria-label={t('desk.search')}
          placeholder={t('desk.search')}
          value={search.value}
          onInput={(e) => {
            search.value = e.currentTarget.value;
          }}
        />
      </div>
      <p class="small soft found" role="status">
        {searching && t('desk.found', { n: found.length })}
        {found.length > shown && ` ${t('desk.first', { n: shown })}`}
      </p>
      {empty ? (
        <Skeleton lines={6} />
      ) : found.length === 0 ? (
        searching ? (
          <Empty icon="search" title={t('desk.empty.search')} text={t('desk.empty.search_long')} />
        ) : (
          <Empty
            icon="resolved"
            title={t(`desk.empty.${queue.value}`)}
            text={t(`desk.empty.${queue.value}_long`)}
          />
        )
      ) : (
        <ul class="rows">
          {found.slice(0, shown).map((v) => (
            <Row key={v.report.id} view={v} />
          ))}
        </ul>
      )}
    </section>
  );
}
