import { looks, town, viewOf } from '../app/live';
import { follow } from '../app/router';
import { serviceName, titleOf } from '../app/service';
import { spoken } from '../core/code';
import { t } from '../text/catalogue';
import { Answers } from '../ui/Answers';
import { Deadline } from '../ui/Deadline';
import { Empty } from '../ui/Empty';
import { Icon } from '../ui/Icon';
import { Lazy } from '../ui/Lazy';
import { Notice } from '../ui/Notice';
import { Priority } from '../ui/Priority';
import { Status } from '../ui/Status';
import { Actions } from './Actions';
import { Checklist } from './Checklist';
import { Notes } from './Notes';
import { Photos } from './Photos';

/** Few jobs leave their team while work on them waits. */
const ghost = () => import('./Ghost').then((m) => m.Ghost);

export function Job({ id }: { id: string }) {
  const view = viewOf(id);
  if (!view) {
    return (
      <Empty icon="search" title={t('crew.job.missing')} text={t('crew.job.missing_long')}>
        <Back />
      </Empty>
    );
  }
  const r = view.report;
  const service = town.value.services[r.service ?? ''];
  const readOnly = view.left !== undefined;
  return (
    <article class="stack job">
      <Back />
      <header class="stack-small">
        <p class="soft row">
          <span class="code">{spoken(r.code)}</span>
          <span>{serviceName(service)}</span>
        </p>
        <h1>{titleOf(r, service) || t('core.no_title')}</h1>
        <div class="row">
          <Status report={r} />
          <Priority report={r} />
          <Deadline report={r} />
        </div>
      </header>
      {looks.value.some((a) => a.edit.report === id) && (
        <Notice kind="warn">
          {t('crew.job.look')}{' '}
          <a class="link" href="/crew/queue" onClick={follow}>
            {t('crew.nav.queue')}
          </a>
        </Notice>
      )}
      {view.left !== undefined && <Lazy from={ghost} report={r.id} why={view.left} />}
      {view.pending > 0 && !readOnly && (
        <p class="row place kept">
          <Icon name="outbox" />
          {t('crew.job.kept')} · {t('core.pending', { n: view.pending })}
        </p>
      )}
      <section class="card stack">
        <p class="row place">
          <Icon name="pin" />
          <span class="strong">
            {r.address || t(r.lon === undefined ? 'core.unknown' : 'core.only_point')}
          </span>
        </p>
        <div class="pair">
          {r.lon !== undefined && r.lat !== undefined && (
            <a class="button" href={`geo:${r.lat},${r.lon}?q=${r.lat},${r.lon}`}>
              <Icon name="route" />
              {t('crew.job.navigate')}
            </a>
          )}
          {r.reporter?.phone && (
            <a class="button" href={`tel:${r.reporter.phone.replace(/[^+\d]/g, '')}`}>
              <Icon name="phone" />
              {r.reporter.name
                ? t('crew.job.call', { name: r.reporter.name })
                : t('crew.job.call_nobody')}
            </a>
          )}
        </div>
        {r.description && (
          <div>
            <h2>{t('crew.job.what')}</h2>
            <p class="prewrap" dir="auto">
              {r.description}
            </p>
          </div>
        )}
        <Answers report={r} service={service} />
      </section>
      <Checklist report={r} entries={service?.checklist ?? []} readOnly={readOnly} />
      <Photos report={r} readOnly={readOnly} />
      <Notes report={r} readOnly={readOnly} />
      {!readOnly && <Actions view={view} />}
    </article>
  );
}

function Back() {
  return (
    <a class="button plain back" href="/crew" onClick={follow}>
      <Icon name="back" />
      {t('crew.nav.today')}
    </a>
  );
}
