import type { Report, Service } from '../core/civic';
import { lang } from '../text/catalogue';

/** A kind of problem as its reader calls it: in their language where the town has
 * it, else as the town writes it. */
export const serviceName = (s: Service | undefined): string | undefined =>
  s && (s.names?.[lang.value] ?? s.name);

/** A case's title as its reader reads it: one that the form wrote, of the kind and
 * the street, has the kind in their language. */
export function titleOf(r: Report, s: Service | undefined): string | undefined {
  const title = r.title;
  if (!title) return serviceName(s);
  const street = s && title.startsWith(s.name) ? title.slice(s.name.length) : undefined;
  return street === '' || street?.startsWith(', ') ? `${serviceName(s)}${street}` : title;
}
