import { t } from '../text/catalogue';
import { Dialog } from '../ui/Dialog';

/** Asks before what cannot be taken back. act tells whether it was done. */
export function Sure(props: {
  title: string;
  words: string;
  act: () => Promise<boolean>;
  close: () => void;
}) {
  return (
    <Dialog title={props.title} close={props.close}>
      <p>{props.words}</p>
      <div class="row">
        <button type="button" class="button main" onClick={props.close}>
          {t('core.cancel')}
        </button>
        <button
          type="button"
          class="button danger"
          onClick={async () => {
            if (await props.act()) props.close();
          }}
        >
          {props.title}
        </button>
      </div>
    </Dialog>
  );
}
