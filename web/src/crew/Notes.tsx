import { useSignal } from '@preact/signals';
import { capture } from '../app/capture';
import { dayAndTime } from '../app/format';
import { town } from '../app/live';
import type { Report } from '../core/civic';
import { t } from '../text/catalogue';
import { draftOf, keepDraft } from './begun';

export function Notes({ report, readOnly }: { report: Report; readOnly: boolean }) {
  const text = useSignal(draftOf(report.id));
  const notes = Object.entries(report.notes ?? {}).sort(([, a], [, b]) => (a.at < b.at ? -1 : 1));
  const add = async (e: SubmitEvent) => {
    e.preventDefault();
    if (await capture(report.id, 'note', { text: text.value.trim() }, t('crew.job.kept'))) {
      text.value = '';
      keepDraft(report.id, '');
    }
  };
  return (
    <section class="card stack">
      <h2>{t('crew.job.notes')}</h2>
      {notes.length === 0 && <p class="soft">{t('crew.job.notes_empty')}</p>}
      <ul class="stack">
        {notes.map(([id, n]) => (
          <li key={id} class="note">
            <p class="prewrap" dir="auto">
              {n.text}
            </p>
            <p class="small soft">
              {[town.value.users[n.by ?? '']?.name, dayAndTime(n.at)].filter(Boolean).join(' · ')}
            </p>
          </li>
        ))}
      </ul>
      {!readOnly && (
        <form class="stack" onSubmit={add}>
          <div class="field">
            <label for="note">{t('crew.job.note')}</label>
            <textarea
              id="note"
              class="input"
              maxLength={4000}
              value={text.value}
              onInput={(e) => {
                text.value = e.currentTarget.value;
                keepDraft(report.id, text.value);
              }}
            />
          </div>
          <button class="button" type="submit" disabled={!text.value.trim()}>
            {t('crew.job.note_add')}
          </button>
        </form>
      )}
    </section>
  );
}
