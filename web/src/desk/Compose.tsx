import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { capture } from '../app/capture';
import type { Report } from '../core/civic';
import { t } from '../text/catalogue';
import { wish } from './state';

/** A reply to the person who reported, or a note that they never see. */
export function Compose({ report: r }: { report: Report }) {
  const kind = useSignal<'reply' | 'note'>('reply');
  const text = useSignal('');
  const open = useSignal(false);
  const area = useRef<HTMLTextAreaElement>(null);
  const wanted = wish.value === 'reply';
  useEffect(() => {
    if (!wanted) return;
    kind.value = 'reply';
    area.current?.focus();
    wish.value = undefined;
  }, [wanted, kind]);
  const isReply = kind.value === 'reply';
  const send = async (e: SubmitEvent) => {
    e.preventDefault();
    const args = { text: text.value.trim(), ...(isReply && open.value ? { public: true } : {}) };
    if (await capture(r.id, kind.value, args, t('desk.saved'))) text.value = '';
  };
  return (
    <form class={`card stack compose ${isReply ? '' : 'internal'}`} onSubmit={send}>
      <fieldset class="tabs-2">
        <legend class="unseen">{t('desk.compose')}</legend>
        {(['reply', 'note'] as const).map((k) => (
          <button
            key={k}
            type="button"
            class="tab-2"
            aria-pressed={kind.value === k}
            onClick={() => {
              kind.value = k;
            }}
          >
            {t(k === 'reply' ? 'desk.reply.tab' : 'desk.note.tab')}
          </button>
        ))}
      </fieldset>
      <div class="field">
        <label for="words">{t(isReply ? 'desk.reply.text' : 'desk.note.text')}</label>
        <p id="words-hint" class="small soft">
          {t(isReply ? 'desk.reply.hint' : 'desk.note.hint')}
        </p>
        <textarea
          id="words"
          ref={area}
          class="input"
          aria-describedby="words-hint"
          maxLength={4000}
          value={text.value}
          onInput={(e) => {
            text.value = e.currentTarget.value;
          }}
        />
      </div>
      {isReply && (
        <fieldset class="row">
          <legend class="unseen">{t('desk.reply.tab')}</legend>
          {[false, true].map((value) => (
            <label key={String(value)} class="choice">
              <input
                type="radio"
                name="public"
                checked={open.value === value}
                onChange={() => {
                  open.value = value;
                }}
              />
              {t(value ? 'desk.reply.public' : 'desk.reply.only')}
            </label>
          ))}
          {r.source && !open.value && (
            <p class="small soft">{t('desk.reply.source', { client: r.source.client })}</p>
          )}
        </fieldset>
      )}
      <div>
        <button class="button main" type="submit" disabled={!text.value.trim()}>
          {t(isReply ? 'desk.reply.send' : 'desk.note.send')}
        </button>
      </div>
    </form>
  );
}
