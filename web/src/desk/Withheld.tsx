import { useSignal } from '@preact/signals';
import { useId } from 'preact/hooks';
import { capture } from '../app/capture';
import type { Report } from '../core/civic';
import { maybe, t } from '../text/catalogue';
import { Dialog } from '../ui/Dialog';
import { Icon } from '../ui/Icon';
import { Sure } from './Sure';

/** Words that wait for a person: why they do, and what may become of them. */
export function Withheld({ report: r, readOnly }: { report: Report; readOnly: boolean }) {
  const correcting = useSignal(false);
  const redacting = useSignal(false);
  const what = (r.withheld ?? []).map((kind) => maybe(`desk.withheld.${kind}`) ?? kind).join(', ');
  const publish = () => capture(r.id, 'publish', { target: 'report' }, t('desk.saved'));
  return (
    <div class="notice warn" data-withheld>
      <Icon name="warning" />
      <div class="stack-small">
        <p class="strong">{t('desk.withheld.title')}</p>
        <p>{t('desk.withheld.why', { what })}</p>
        {!readOnly && (
          <div class="row">
            <button type="button" class="button" onClick={() => void publish()}>
              {t('desk.withheld.publish')}
            </button>
            <button
              type="button"
              class="button"
              onClick={() => {
                correcting.value = true;
              }}
            >
              {t('desk.withheld.correct')}
            </button>
            <button
              type="button"
              class="button"
              onClick={() => {
                redacting.value = true;
              }}
            >
              {t('desk.withheld.redact')}
            </button>
          </div>
        )}
      </div>
      {correcting.value && (
        <Correct
          report={r}
          publish={publish}
          close={() => {
            correcting.value = false;
          }}
        />
      )}
      {redacting.value && (
        <Sure
          title={t('desk.withheld.redact')}
          words={t('desk.withheld.redact_sure')}
          act={() => capture(r.id, 'redact', { target: 'report' }, t('desk.saved'))}
          close={() => {
            redacting.value = false;
          }}
        />
      )}
    </div>
  );
}

type CorrectProps = { report: Report; publish: () => Promise<boolean>; close: () => void };

/** The words without what is nobody's business; what is saved is also shown. */
function Correct({ report: r, publish, close }: CorrectProps) {
  const id = useId();
  const title = useSignal(r.title ?? '');
  const words = useSignal(r.description ?? '');
  const save = async () => {
    const set = (field: 'title' | 'description', value: string) =>
      value === (r[field] ?? '') || capture(r.id, 'set', { field, value, base: r[field] ?? '' });
    if (!(await set('title', title.value)) || !(await set('description', words.value))) return;
    if (await publish()) close();
  };
  return (
    <Dialog title={t('desk.withheld.correct')} close={close} wide>
      <form
        class="stack"
        onSubmit={(e) => {
          e.preventDefault();
          void save();
        }}
      >
        <label class="stack-small" for={`${id}title`}>
          {t('desk.withheld.name_title')}
          <input
            class="input"
            id={`${id}title`}
            maxLength={160}
            value={title.value}
            onInput={(e) => {
              title.value = e.currentTarget.value;
            }}
          />
        </label>
        <label class="stack-small" for={`${id}words`}>
          {t('desk.withheld.name_text')}
          <textarea
            class="input"
            id={`${id}words`}
            rows={6}
            maxLength={4000}
            value={words.value}
            onInput={(e) => {
              words.value = e.currentTarget.value;
            }}
          />
        </label>
        <button class="button main" type="submit">
          {t('desk.withheld.save')}
        </button>
      </form>
    </Dialog>
  );
}
