import { useSignal } from '@preact/signals';
import { inWords, say } from '../app/capture';
import { client, counts } from '../app/live';
import { ParcelError } from '../core/parcel';
import { t } from '../text/catalogue';
import { Icon } from '../ui/Icon';

/** Saves what only this phone has into one file. */
export function Export({ main = false }: { main?: boolean }) {
  const busy = useSignal(false);
  const save = async () => {
    busy.value = true;
    try {
      const blob = await client.value?.exportUnsent();
      if (blob)
        give(blob, `segnavia-${new Date().toISOString().slice(0, 16).replace(':', '')}.bin`);
      say(t('crew.export.done'));
    } catch {
      say(inWords({ code: 'storage' }), false);
    }
    busy.value = false;
  };
  return (
    <button
      type="button"
      class={`button wide ${main ? 'main big' : ''}`}
      disabled={busy.value || counts.value.here === 0}
      onClick={() => void save()}
    >
      <Icon name="save" />
      {t('crew.export.go')}
    </button>
  );
}

function give(blob: Blob, name: string) {
  const a = document.createElement('a');
  a.href = URL.createObjectURL(blob);
  a.download = name;
  a.click();
  // The browser reads the file after the click.
  setTimeout(() => URL.revokeObjectURL(a.href), 60_000);
}

/** Takes such a file from another phone, or from this one before it was emptied. */
export function Import() {
  const take = async (input: HTMLInputElement) => {
    const file = input.files?.[0];
    input.value = '';
    const c = client.value;
    if (!file || !c) return;
    try {
      const { added, known, pictures } = await c.importUnsent(file);
      say(
        added + pictures === 0
          ? t('crew.import.nothing', { n: known })
          : t('crew.import.done', { n: added, pictures }),
      );
    } catch (err) {
      if (err instanceof ParcelError) say(t(`crew.import.${err.code}`, { name: err.whose }), false);
      else say(inWords({ code: 'storage' }), false);
    }
  };
  return (
    <label class="button wide camera">
      <Icon name="inbox" />
      {t('crew.import.go')}
      <input class="unseen" type="file" onChange={(e) => void take(e.currentTarget)} />
    </label>
  );
}
