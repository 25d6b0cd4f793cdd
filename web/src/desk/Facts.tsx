import { dayAndTime } from '../app/format';
import { town } from '../app/live';
import type { Report, Service } from '../core/civic';
import { t } from '../text/catalogue';
import { stageName } from '../ui/Photo';
import { Channel } from './Channel';

type Fact = { at: string; what: string };

/** What is known to have happened, and what is promised, in order of time. */
export function Facts({ report: r, service }: { report: Report; service: Service | undefined }) {
  const facts: Fact[] = [];
  const add = (at: string | undefined, what: string) => {
    if (at) facts.push({ at, what });
  };
  add(r.created, t('desk.fact.created'));
  add(r.replied, t('desk.fact.replied'));
  if (!r.replied) add(r.deadlines?.first_reply, t('desk.fact.first_reply'));
  if (!r.closed) add(r.deadlines?.resolution, t('desk.fact.resolution'));
  add(r.waiting?.since, t('desk.fact.waiting'));
  add(r.closed, t('desk.fact.closed'));
  add(r.safe?.at, t('desk.fact.safe', { measure: r.safe?.measure ?? '' }));
  for (const [item, check] of Object.entries(r.checklist ?? {})) {
    const name = service?.checklist?.find((line) => line.item === item)?.name ?? item;
    if (check.value) add(check.at, t('desk.fact.check', { item: name }));
  }
  for (const photo of Object.values(r.photos ?? {})) {
    add(photo.at, t('desk.fact.photo', { stage: stageName(photo.stage) }));
  }
  facts.sort((a, b) => (a.at < b.at ? -1 : 1));
  return (
    <section class="card stack">
      <h2>{t('desk.case.facts')}</h2>
      <dl class="facts">
        <div>
          <dt>{t('desk.case.channel')}</dt>
          <dd>
            <Channel channel={r.channel} />
            {r.source && (
              <span class="soft small">
                {r.source.id
                  ? t('desk.case.source', { client: r.source.client, id: r.source.id })
                  : r.source.client}
              </span>
            )}
          </dd>
        </div>
        <div>
          <dt>{t('desk.case.team')}</dt>
          <dd>{town.value.teams[r.team ?? '']?.name ?? t('desk.case.nobody')}</dd>
        </div>
      </dl>
      <ol class="facts-line">
        {facts.map((f) => (
          <li key={f.at + f.what}>
            <span>{f.what}</span>
            <time class="soft small" dateTime={f.at}>
              {dayAndTime(f.at)}
            </time>
          </li>
        ))}
      </ol>
    </section>
  );
}
