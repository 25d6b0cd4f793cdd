import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { capture } from '../app/capture';
import { town } from '../app/live';
import { isOpen, type Report } from '../core/civic';
import { t } from '../text/catalogue';
import { wish } from './state';

export function Assign({ report: r }: { report: Report }) {
  const team = useSignal(r.team ?? '');
  const select = useRef<HTMLSelectElement>(null);
  const wanted = wish.value === 'assign';
  useEffect(() => {
    if (!wanted) return;
    select.current?.focus();
    wish.value = undefined;
  }, [wanted]);
  if (!r.status || !isOpen(r.status)) return null;
  const teams = Object.values(town.value.teams).sort((a, b) => a.name.localeCompare(b.name));
  const submit = (e: SubmitEvent) => {
    e.preventDefault();
    void capture(r.id, 'assign', { team: team.value }, t('desk.saved'));
  };
  return (
    <section class="card stack">
      <h2>{t('desk.assign.title')}</h2>
      <form class="stack-small" onSubmit={submit}>
        <div class="field">
          <label for="team">{t('desk.assign.team')}</label>
          <select
            id="team"
            ref={select}
            class="input"
            required
            value={team.value}
            onChange={(e) => {
              team.value = e.currentTarget.value;
            }}
          >
            <option value="">{t('desk.assign.choose')}</option>
            {teams.map((x) => (
              <option key={x.id} value={x.id}>
                {x.kind === 'contractor' ? t('desk.assign.contractor', { name: x.name }) : x.name}
              </option>
            ))}
          </select>
        </div>
        <button class="button main" type="submit" disabled={!team.value || team.value === r.team}>
          {t('desk.assign.go')}
        </button>
      </form>
    </section>
  );
}
