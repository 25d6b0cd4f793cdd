import { choose, lang, langs, t } from '../text/catalogue';

export function Lang() {
  return (
    <fieldset class="lang">
      <legend class="unseen">{t('core.language')}</legend>
      {langs.map((l) => (
        <button
          key={l}
          type="button"
          class="button plain"
          lang={l}
          aria-pressed={lang.value === l}
          onClick={() => choose(l)}
        >
          {t(`core.language.${l}`)}
        </button>
      ))}
    </fieldset>
  );
}
