import { grant } from '../app/boot';
import { connection, ghosts, received, views } from '../app/live';
import { here, hereFailed, locate } from '../app/position';
import { type Key, t } from '../text/catalogue';
import { Empty } from '../ui/Empty';
import { Icon } from '../ui/Icon';
import { Lang } from '../ui/Lang';
import { Notice } from '../ui/Notice';
import { SignOut } from '../ui/SignOut';
import { Skeleton } from '../ui/Skeleton';
import { JobCard } from './JobCard';
import { inOrder, sectionOf, sections } from './jobs';

/** A list longer than this is more than a day: it is drawn in part. */
const shown = 200;

export function Today() {
  if (!received.value && connection.value !== 'offline') return <Skeleton />;
  const left = ghosts.value.filter((g) => !views.value.some((v) => v.report.id === g.report.id));
  const list = inOrder([...views.value, ...left], here.value);
  const open = list.filter((v) => sectionOf(v.report) !== 'done').length;
  return (
    <>
      <div class="stack-small">
        <h1>{t('crew.today.title')}</h1>
        <p class="soft">{t('crew.today.count', { n: open })}</p>
      </div>
      {connection.value === 'offline' && (
        <Notice kind="warn">{t('core.connection.offline_long')}</Notice>
      )}
      {hereFailed.value && <Notice kind="warn">{t('crew.today.near_failed')}</Notice>}
      {list.length > 0 &&
        (here.value ? (
          <p class="soft small">{t('crew.today.near_on')}</p>
        ) : (
          <button type="button" class="button wide" onClick={locate}>
            <Icon name="here" />
            {t('crew.today.near')}
          </button>
        ))}
      {list.length === 0 && (
        <Empty icon="resolved" title={t('crew.today.empty')} text={t('crew.today.empty_long')} />
      )}
      {sections.map((name) => {
        const jobs = list.filter((v) => sectionOf(v.report) === name);
        if (jobs.length === 0) return null;
        const title = `${t(`crew.today.${name}` as Key)} (${jobs.length})`;
        const cards = (
          <ul class="stack">
            {jobs.slice(0, shown).map((v) => (
              <JobCard key={v.report.id} view={v} />
            ))}
          </ul>
        );
        return name === 'done' || name === 'later' ? (
          <details key={name} class="fold" open={open === 0}>
            <summary>
              <h2>{title}</h2>
            </summary>
            {cards}
          </details>
        ) : (
          <section key={name} class="stack">
            <h2>{title}</h2>
            {cards}
          </section>
        );
      })}
      <footer class="foot">
        <p class="soft small">{t('crew.you', { name: grant.value?.user.name ?? '' })}</p>
        <div class="row">
          <Lang />
          <SignOut />
        </div>
      </footer>
    </>
  );
}
