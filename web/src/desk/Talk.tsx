import { capture } from '../app/capture';
import { dayAndTime } from '../app/format';
import { town } from '../app/live';
import type { Message, Note, Report, Role } from '../core/civic';
import { maybe, t } from '../text/catalogue';
import { Icon } from '../ui/Icon';

type Said = { id: string; internal: boolean } & Partial<Message> & (Note | Message);

/** Messages and internal notes in one line of time, told apart by shape, by
 * colour and by a word. */
export function Talk({ report: r, readOnly }: { report: Report; readOnly: boolean }) {
  const list: Said[] = [
    ...Object.entries(r.messages ?? {}).map(([id, m]) => ({ id, internal: false, ...m })),
    ...Object.entries(r.notes ?? {}).map(([id, n]) => ({ id, internal: true, ...n })),
  ].sort((a, b) => (a.at < b.at ? -1 : 1));
  return (
    <section class="stack">
      <h2>{t('desk.case.talk')}</h2>
      {list.length === 0 && <p class="soft">{t('desk.case.talk_empty')}</p>}
      <ol class="talk">
        {list.map((s) => {
          const theirs = !s.internal && (s.from === 'citizen' || s.from === 'service');
          return (
            <li
              key={s.id}
              class={`say ${theirs ? 'theirs' : 'ours'} ${s.internal ? 'internal' : ''}`}
            >
              <p class="row small">
                <strong>{speaker(s)}</strong>
                <span class="soft">{dayAndTime(s.at)}</span>
                <span class="soft row tag">
                  <Icon name={s.internal ? 'closed' : s.public ? 'web' : 'mail'} />
                  {t(
                    s.internal
                      ? 'desk.message.internal'
                      : s.public
                        ? 'desk.message.public'
                        : 'desk.message.private',
                  )}
                </span>
              </p>
              <p class="prewrap" dir="auto">
                {s.text ?? t('desk.message.textless')}
              </p>
              {s.held && (
                <p class="row small">
                  <span class="chip warn">
                    <Icon name="warning" />
                    {heldInWords(s)}
                  </span>
                  {!readOnly && (
                    <button
                      type="button"
                      class="link"
                      onClick={() =>
                        void capture(
                          r.id,
                          'publish',
                          { target: 'message', id: s.id },
                          t('desk.saved'),
                        )
                      }
                    >
                      {t(goesTo(s))}
                    </button>
                  )}
                </p>
              )}
            </li>
          );
        })}
      </ol>
    </section>
  );
}

/** Why words wait for a person. */
function heldInWords(s: Said): string {
  if (s.withheld?.length) {
    const what = s.withheld.map((kind) => maybe(`desk.withheld.${kind}`) ?? kind).join(', ');
    return t('desk.message.withheld', { what });
  }
  return t(s.from === 'citizen' ? 'desk.message.held' : 'desk.message.held_ours');
}

/** What a person lets happen: an answer goes to whom it was meant for. */
const goesTo = (s: Said) =>
  s.public || s.from === 'citizen' || s.from === 'service'
    ? 'desk.message.publish'
    : 'desk.message.release';

function speaker(s: Said): string {
  const name = town.value.users[s.by ?? '']?.name;
  if (name) return name;
  return roleName(s.from) ?? t('core.role.operator');
}

const roleName = (role: Role | undefined) => maybe(`core.role.${role}`);
