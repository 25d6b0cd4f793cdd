import { grant } from '../app/here';
import { connection, ghosts, received, views } from '../app/live';
import { here, hereFailed, locate } from '../app/position';
import { type Key, t } from '../text/catalogue';
import { Empty } from '../ui/Empty';
import { Icon } from '../ui/Icon';
import { Notice } from '../ui/Notice';
import { Skeleton } from '../ui/Skeleton';
import { Install } from './Install';
import { JobCard } from './JobCard';
import { inOrder, sectionOf, sections } from './jobs';
import { Ready } from './Ready';
import { Slices } from './Slices';

export function Today() {
  if (!received.value && connection.value !== 'offline') return <Skeleton />;
  const held = new Set(views.value.map((v) => v.report.id));
  const left = ghosts.value.filter((g) => !held.has(g.report.id));
  const list = inOrder(views.value, here.value);
  const open = list.filter((v) => sectionOf(v.report) !== 'done').length;
  return (
    <>
      <div class="stack-small">
        <h1>{t('crew.today.title')}</h1>
        <p class="soft">
          {t('crew.today.count', { n: open })} · {grant.value?.user.name}
        </p>
        <Ready />
      </div>
      {connection.value === 'offline' && (
        <Notice kind="warn">{t('core.connection.offline_long')}</Notice>
      )}
      <Install />
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
      {list.length + left.length === 0 && (
        <Empty icon="resolved" title={t('crew.today.empty')} text={t('crew.today.empty_long')} />
      )}
      {left.length > 0 && (
        <section class="stack">
          <h2>{t('crew.today.left', { n: left.length })}</h2>
          <p class="soft">{t('crew.today.left_long')}</p>
          <ul class="stack">
            {left.map((v) => (
              <JobCard key={v.report.id} view={v} />
            ))}
          </ul>
        </section>
      )}
      {sections.map((name) => {
        const jobs = list.filter((v) => sectionOf(v.report) === name);
        if (jobs.length === 0) return null;
        const title = `${t(`crew.today.${name}` as Key)} (${jobs.length})`;
        const cards = <Slices items={jobs}>{(v) => <JobCard key={v.report.id} view={v} />}</Slices>;
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
    </>
  );
}
