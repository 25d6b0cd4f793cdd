import { inWords } from '../app/capture';
import { now } from '../app/clock';
import { dayAndTime, spoken } from '../app/format';
import { changes, client, counts } from '../app/live';
import { follow } from '../app/router';
import { type Acked, wantsEye } from '../core/outbox';
import type { Progress } from '../core/pictures';
import { t } from '../text/catalogue';
import { Empty } from '../ui/Empty';
import { Icon } from '../ui/Icon';
import { Notice } from '../ui/Notice';
import { stageName } from '../ui/Photo';
import { Answer } from './Answer';
import { editInWords } from './words';

const dayMs = 24 * 3600 * 1000;
const shown = 50;
/** The code that a label begins with, as the outbox keeps it. */
const code = /^[A-Z]{2}\d{8}/;

export function Queue() {
  changes.value;
  const c = client.value;
  if (!c) return null;
  const { here, received, applied } = counts.value;
  const look = c.answered.filter(wantsEye);
  const sent = c.answered
    .filter((a) => !wantsEye(a))
    .sort((a, b) => b.at - a.at)
    .slice(0, shown);
  const oldest = c.outbox[0]?.edit.at;
  const old = oldest !== undefined && now.value - Date.parse(oldest) > dayMs;
  return (
    <>
      <h1>{t('crew.queue.title')}</h1>
      {old && <Notice kind="danger">{t('crew.queue.old')}</Notice>}
      <dl class="counts">
        <Count n={here} name={t('crew.queue.here')} long={t('crew.queue.here_long')} />
        <Count n={received} name={t('crew.queue.received')} long={t('crew.queue.received_long')} />
        <Count n={applied} name={t('crew.queue.applied')} long={t('crew.queue.applied_long')} />
      </dl>
      <p class="soft small">{t('crew.queue.period')}</p>
      {here > 0 && (
        <button type="button" class="button main wide" onClick={() => c.nudge()}>
          <Icon name="sync" />
          {t('crew.queue.now')}
        </button>
      )}
      {look.length + c.refusedPictures.length > 0 && (
        <section class="stack">
          <h2>{t('crew.queue.look')}</h2>
          {look.map((item) => (
            <Answer key={item.edit.id} item={item} />
          ))}
          {c.refusedPictures.map((p) => (
            <article key={p.sha256} class="card stack">
              <h3>{stageName(p.stage)}</h3>
              <Notice kind="danger">
                {t('crew.queue.status.refused')}: {inWords({ code: p.refused as string })}
              </Notice>
              <button type="button" class="button" onClick={() => void c.forgetPicture(p.sha256)}>
                {t('crew.queue.read')}
              </button>
            </article>
          ))}
        </section>
      )}
      {c.outbox.length > 0 && (
        <section class="stack">
          <h2>{t('crew.queue.unsent')}</h2>
          <ul class="stack-small">
            {c.outbox.map((i) => (
              <Line
                key={i.seq}
                report={i.edit.report}
                what={editInWords(i.edit)}
                label={i.label}
                state={t(i.seen ? 'crew.queue.status.seen' : 'crew.queue.status.unsent')}
                at={i.edit.at}
              />
            ))}
          </ul>
        </section>
      )}
      {c.waitingPictures.length > 0 && (
        <section class="stack">
          <h2>{t('crew.queue.pictures')}</h2>
          <ul class="stack-small">
            {c.waitingPictures.map((p) => (
              <Line
                key={p.sha256}
                report={p.report}
                what={stageName(p.stage)}
                label={`${Math.max(1, Math.round(p.blob.size / 1024))} kB`}
                state={onItsWay(c.sendingPicture, p.sha256)}
                at={new Date(p.at).toISOString()}
              />
            ))}
          </ul>
        </section>
      )}
      {here === 0 && (
        <Empty icon="resolved" title={t('crew.queue.empty')} text={t('crew.queue.empty_long')} />
      )}
      {sent.length > 0 && (
        <section class="stack">
          <h2>{t('crew.queue.sent')}</h2>
          <ul class="stack-small">
            {sent.map((a) => (
              <Line
                key={a.edit.id}
                report={a.edit.report}
                what={editInWords(a.edit)}
                label={a.label}
                state={statusOf(a)}
                at={a.edit.at}
              />
            ))}
          </ul>
        </section>
      )}
    </>
  );
}

const onItsWay = (now: Progress | undefined, sha256: string): string =>
  now?.sha256 === sha256
    ? t('crew.queue.picture_moving', { n: now.n, of: now.of, percent: Math.floor(now.part * 100) })
    : t('crew.queue.status.unsent');

const statusOf = (a: Acked): string =>
  a.answer.status === 'retry'
    ? t('crew.queue.status.unsent')
    : t(`crew.queue.status.${a.answer.status}`);

function Count({ n, name, long }: { n: number; name: string; long: string }) {
  return (
    <div class="count">
      <dt>
        {name}
        <span class="small soft block">{long}</span>
      </dt>
      <dd>{n}</dd>
    </div>
  );
}

type LineProps = {
  report: string;
  what: string;
  label: string;
  state: string;
  at: string | undefined;
};

function Line({ report, what, label, state, at }: LineProps) {
  return (
    <li>
      <a class="card line" href={`/crew/job/${report}`} onClick={follow}>
        <span class="strong">{what}</span>
        <span class="small soft">
          {[label.replace(code, spoken), at && dayAndTime(at)].filter(Boolean).join(' · ')}
        </span>
        <span class="small line-state">{state}</span>
      </a>
    </li>
  );
}
