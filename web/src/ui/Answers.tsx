import type { Report, Service } from '../core/civic';

/** What was answered to the service's own questions, in the service's order. */
export function Answers({ report: r, service }: { report: Report; service: Service | undefined }) {
  const asked = (service?.attributes ?? []).filter((a) => r.answers?.[a.code]);
  if (asked.length === 0) return null;
  return (
    <dl class="facts">
      {asked.map((a) => (
        <div key={a.code}>
          <dt>{a.question}</dt>
          <dd class="prewrap" dir="auto">
            {r.answers?.[a.code]
              ?.map((key) => a.values?.find((v) => v.key === key)?.name ?? key)
              .join(', ')}
          </dd>
        </div>
      ))}
    </dl>
  );
}
