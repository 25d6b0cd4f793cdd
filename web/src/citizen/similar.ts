import { byId, make } from './dom';

export type Near = { place?: string; street?: string; outside?: boolean; reports: Known[] };
type Known = {
  code: string;
  title?: string;
  service_name: string;
  description?: string;
  address?: string;
  status: string;
  followers?: number;
  photos?: { sha256: string }[];
};

/** Shows open reports nearby, with photo and text, before anybody writes the
 * same again. */
export function showSimilar(form: HTMLFormElement, reports: Known[]) {
  const box = byId('similar');
  const list = box?.querySelector('ul');
  if (!box || !list) return;
  const statuses = JSON.parse(form.dataset.statuses ?? '{}') as Record<string, string>;
  // The sentence for one, and the sentence for two with another number in it.
  const others = (n: number) =>
    n > 1 ? (form.dataset.others ?? '').replace('2', String(n)) : n ? form.dataset.other : '';
  box.hidden = reports.length === 0;
  list.replaceChildren(
    ...reports.map((r) => {
      const soft = (text: string) => make('span', { className: 'soft' }, text);
      const photo = r.photos?.[0];
      const link = make('a', { href: `/r/${r.code}`, target: '_blank' });
      if (photo) {
        const src = `/media/reports/${r.code}/${photo.sha256}/320.jpg`;
        link.append(make('img', { src, alt: '', width: 96, height: 96 }));
      }
      const about = make(
        'span',
        { className: 'about' },
        make('strong', {}, r.title || r.service_name),
      );
      if (r.description) about.append(make('span', {}, beginning(r.description)));
      about.append(
        soft(r.address ?? ''),
        soft([statuses[r.status], others(r.followers ?? 0)].filter(Boolean).join(' · ')),
      );
      link.append(about);
      const too = make('button', { className: 'button' }, form.dataset.metoo ?? '');
      too.formAction = `/r/${r.code}/follow`;
      too.formEnctype = 'application/x-www-form-urlencoded';
      return make('li', { className: 'card known' }, link, too);
    }),
  );
}

/** The first words of a text, cut between words. */
function beginning(text: string): string {
  if (text.length <= 120) return text;
  return `${text.slice(0, 120).replace(/\s+\S*$/, '')}…`;
}
