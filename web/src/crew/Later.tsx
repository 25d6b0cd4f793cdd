import { capture } from '../app/capture';
import type { Report } from '../core/civic';
import { t } from '../text/catalogue';
import { Demands } from '../ui/Demands';
import { Dialog } from '../ui/Dialog';

type Props = { report: Report; to: 'waiting' | 'planned'; close: () => void };

/** Not now: for whom the case waits, or for which month it is planned. */
export function Later({ report, to, close }: Props) {
  const done = async (e: SubmitEvent) => {
    e.preventDefault();
    const form = new FormData(e.currentTarget as HTMLFormElement);
    const args = { from: report.status, to, ...Object.fromEntries(form) };
    if (await capture(report.id, 'transition', args, t('crew.job.kept'))) close();
  };
  return (
    <Dialog title={t(to === 'waiting' ? 'crew.wait.title' : 'crew.plan.title')} close={close}>
      <form class="stack" onSubmit={done}>
        <Demands to={to} />
        <button class="button main wide big" type="submit">
          {t(to === 'waiting' ? 'crew.wait.go' : 'crew.plan.go')}
        </button>
      </form>
    </Dialog>
  );
}
