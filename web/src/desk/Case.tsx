import type { RefObject } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { capture } from '../app/capture';
import { town, viewOf } from '../app/live';
import { follow } from '../app/router';
import { serviceName, titleOf } from '../app/service';
import { spoken } from '../core/code';
import type { View } from '../core/overlay';
import { t } from '../text/catalogue';
import { Answers } from '../ui/Answers';
import { Deadline } from '../ui/Deadline';
import { Empty } from '../ui/Empty';
import { Icon } from '../ui/Icon';
import { Notice } from '../ui/Notice';
import { Priority } from '../ui/Priority';
import { Status } from '../ui/Status';
import { Assign } from './Assign';
import { Compose } from './Compose';
import { Conflicts } from './Conflicts';
import { Erasure } from './Erasure';
import { Facts } from './Facts';
import { Original } from './Original';
import { useOpened } from './opened';
import { Photos } from './Photos';
import { Pin } from './Pin';
import { waits, wordsPublic } from './queues';
import { Steps } from './Steps';
import { Talk } from './Talk';
import { Where } from './Where';
import { Who } from './Who';
import { Withheld } from './Withheld';

export function Case({ id }: { id: string }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus({ preventScroll: true }), [id]);
  const view = viewOf(id);
  if (!view) {
    return (
      <Empty icon="search" title={t('desk.case.missing')} text={t('desk.case.missing_long')}>
        <Back />
      </Empty>
    );
  }
  return <Found key={id} view={view} heading={heading} />;
}

type FoundProps = { view: View; heading: RefObject<HTMLHeadingElement | null> };

function Found({ view, heading }: FoundProps) {
  const opened = useOpened(view.report);
  const whole = typeof opened === 'object' ? opened.report : undefined;
  const r = whole ?? view.report;
  const service = town.value.services[r.service ?? ''];
  const readOnly = view.left !== undefined || !whole;
  const textIsPublic = wordsPublic(r, service);
  return (
    <article class="case">
      <Back />
      <header class="stack-small case-head">
        <p class="row soft">
          <span class="code strong">{spoken(r.code)}</span>
          <span>{serviceName(service)}</span>
        </p>
        <h1 ref={heading} tabIndex={-1}>
          {titleOf(r, service) || t('core.no_title')}
        </h1>
        <div class="row">
          <Status report={r} />
          <Priority report={r} />
          <Deadline report={r} named />
        </div>
      </header>
      {view.left !== undefined && <Notice kind="warn">{t('desk.case.left')}</Notice>}
      {r.confidential && (
        <Notice kind={opened === 'failed' ? 'danger' : 'warn'}>
          {t(opened === 'failed' ? 'desk.case.not_opened' : 'desk.case.confidential')}
        </Notice>
      )}
      <Erasure report={r} readOnly={readOnly} />
      <Conflicts report={r} readOnly={readOnly} />
      <div class="case-body">
        <div class="stack">
          <section class="card stack">
            <h2>{t('desk.case.what')}</h2>
            <p class="prewrap" dir="auto">
              {r.description || r.title || t('core.unknown')}
            </p>
            <Original report={r} />
            <Answers report={r} service={service} />
            {waits(r, service) && <Withheld report={r} readOnly={readOnly} key={r.id} />}
            <p class="row small soft">
              <Icon name={r.hidden || !textIsPublic ? 'closed' : 'web'} />
              {r.hidden
                ? t('desk.case.hidden')
                : t(textIsPublic ? 'desk.case.public_text' : 'desk.case.private_text')}
              {!readOnly && !textIsPublic && service?.public === 'place' && (
                <button
                  type="button"
                  class="link"
                  onClick={() =>
                    void capture(r.id, 'publish', { target: 'report' }, t('desk.saved'))
                  }
                >
                  {t('desk.case.show_text')}
                </button>
              )}
            </p>
          </section>
          <Photos report={r} service={service} readOnly={readOnly} />
          <Talk report={r} readOnly={readOnly} />
          {!readOnly && <Compose report={r} />}
        </div>
        <div class="stack">
          <Steps report={r} readOnly={readOnly} />
          {!readOnly && !r.confidential && <Assign report={r} />}
          <Who report={r} />
          {!readOnly && <Pin report={r} key={`pin-${r.id}`} />}
          <Where report={r} key={r.id} readOnly={readOnly} />
          <Facts report={r} service={service} />
        </div>
      </div>
    </article>
  );
}

function Back() {
  return (
    <a class="button plain back" href="/desk" onClick={follow}>
      <Icon name="back" />
      {t('desk.list')}
    </a>
  );
}
