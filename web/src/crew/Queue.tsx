import { inWords, withdraw } from '../app/capture';
import { dayAndTime, time } from '../app/format';
import { changes, client, connection, counts, looks } from '../app/live';
import { follow } from '../app/router';
import { type Acked, type Item, wantsEye } from '../core/outbox';
import type { Progress } from '../core/pictures';
import type { Picture } from '../core/store';
import { t } from '../text/catalogue';
import { Empty } from '../ui/Empty';
import { Icon } from '../ui/Icon';
import { Notice } from '../ui/Notice';
import { stageName } from '../ui/Photo';
import { Answer } from './Answer';
import { lastReceipt, receiptInWords } from './receipts';
import { Slices } from './Slices';
import { editInWords, spokenLabel } from './words';

/** Everything that was done here, and where it is now. */
export function Queue() {
  changes.value;
  const c = client.value;
  if (!c) return null;
  const n = counts.value;
  const look = [...looks.value].sort((a, b) => b.at - a.at);
  const sent = c.answered.filter((a) => !wantsEye(a)).sort((a, b) => b.at - a.at);
  return (
    <>
      <h1>{t('crew.queue.title')}</h1>
      <Counts />
      {n.here > 0 && connection.value !== 'sign_in' && (
        <button type="button" class="button main wide big" onClick={() => c.nudge()}>
          <Icon name="sync" />
          {t('crew.queue.now')}
        </button>
      )}
      {n.here === 0 && look.length + c.refusedPictures.length === 0 && (
        <Empty icon="resolved" title={t('crew.queue.empty')} text={t('crew.queue.empty_long')} />
      )}
      {look.length + c.refusedPictures.length > 0 && (
        <section class="stack">
          <h2>
            {t('crew.queue.look')} ({look.length + c.refusedPictures.length})
          </h2>
          {c.refusedPictures.map((p) => (
            <RefusedPicture key={p.sha256} picture={p} />
          ))}
          <Slices items={look}>
            {(item) => (
              <li key={item.edit.id}>
                <Answer item={item} />
              </li>
            )}
          </Slices>
        </section>
      )}
      {c.outbox.length > 0 && (
        <section class="stack">
          <h2>
            {t('crew.queue.unsent')} ({c.outbox.length})
          </h2>
          <Slices items={c.outbox}>{(i) => <Unsent key={i.seq} item={i} />}</Slices>
        </section>
      )}
      {c.waitingPictures.length > 0 && (
        <section class="stack">
          <h2>
            {t('crew.queue.pictures')} ({c.waitingPictures.length})
          </h2>
          <Slices items={c.waitingPictures}>
            {(p) => (
              <Line
                key={p.sha256}
                report={p.report}
                what={stageName(p.stage)}
                label={`${Math.max(1, Math.round(p.blob.size / 1024))} kB`}
                state={onItsWay(c.sendingPicture, p.sha256)}
                at={new Date(p.at).toISOString()}
              />
            )}
          </Slices>
        </section>
      )}
      {sent.length > 0 && (
        <details class="fold">
          <summary>
            <h2>
              {t('crew.queue.sent')} ({sent.length})
            </h2>
          </summary>
          <Slices items={sent}>
            {(a) => (
              <Line
                key={a.edit.id}
                report={a.edit.report}
                what={editInWords(a.edit)}
                label={a.label}
                state={statusOf(a)}
                at={a.edit.at}
              />
            )}
          </Slices>
        </details>
      )}
    </>
  );
}

const onItsWay = (now: Progress | undefined, sha256: string): string =>
  now?.sha256 === sha256
    ? t('crew.queue.picture_moving', { n: now.n, of: now.of, percent: Math.floor(now.part * 100) })
    : t('crew.queue.status.unsent');

/** The three honest counts, and the last receipt in words. */
function Counts() {
  const n = counts.value;
  const undecided = looks.value.filter((a) => a.answer.status === 'conflict').length;
  const receipt = lastReceipt(client.value?.answered ?? []);
  const parts = [
    n.edits > 0 && t('crew.queue.here_edits', { n: n.edits }),
    n.pictures > 0 && t('crew.queue.here_pictures', { n: n.pictures }),
  ].filter(Boolean);
  return (
    <section class="stack-small">
      <dl class="counts">
        <Count
          n={n.here}
          name={t('crew.queue.here')}
          long={parts.join(', ') || t('crew.queue.here_none')}
        />
        <Count
          n={n.received}
          name={t('crew.queue.received')}
          long={t('crew.queue.received_long')}
        />
        <Count n={n.applied} name={t('crew.queue.applied')} long={t('crew.queue.applied_long')} />
      </dl>
      {undecided + n.refused > 0 && (
        <p>
          {undecided > 0 && t('crew.queue.conflicts', { n: undecided })}{' '}
          {n.refused > 0 && t('crew.queue.refused', { n: n.refused })}
        </p>
      )}
      {receipt && (
        <p class={`receipt ${receipt.conflicts + receipt.refused > 0 ? 'wants' : ''}`}>
          <span class="strong">{time(receipt.at)}</span> {receiptInWords(receipt)}
        </p>
      )}
      <p class="soft small">{t('crew.queue.period')}</p>
    </section>
  );
}

/** Not sent yet: until it leaves it can be taken back. */
function Unsent({ item }: { item: Item }) {
  changes.value; // the item itself changes
  const state = item.seen ? 'seen' : item.sent ? 'sent' : 'unsent';
  return (
    <Line
      report={item.edit.report}
      what={editInWords(item.edit)}
      label={item.label}
      state={t(`crew.queue.status.${state}`)}
      at={item.edit.at}
      back={item.sent || item.seen ? undefined : () => void withdraw(item.edit.id)}
    />
  );
}

function RefusedPicture({ picture }: { picture: Picture }) {
  return (
    <article class="card stack">
      <h3>{stageName(picture.stage)}</h3>
      <Notice kind="danger">
        {t('crew.queue.status.refused')}: {inWords({ code: picture.refused as string })}
      </Notice>
      <button
        type="button"
        class="button"
        onClick={() => void client.value?.forgetPicture(picture.sha256)}
      >
        {t('crew.queue.read')}
      </button>
    </article>
  );
}

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
  back?: (() => void) | undefined;
};

function Line({ report, what, label, state, at, back }: LineProps) {
  return (
    <li class="card line">
      <a class="line-link" href={`/crew/job/${report}`} onClick={follow}>
        <span class="strong">{what}</span>
        <span class="small soft">
          {[spokenLabel(label), at && dayAndTime(at)].filter(Boolean).join(' · ')}
        </span>
        <span class="small line-state">{state}</span>
      </a>
      {back && (
        <button
          type="button"
          class="button"
          onClick={back}
          aria-label={t('core.undo.what', { what })}
        >
          {t('core.undo')}
        </button>
      )}
    </li>
  );
}
