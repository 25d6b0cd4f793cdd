import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { Report, Reporter } from '../core/civic';
import { ask } from './call';

export type Opened = { report: Report } | 'opening' | 'failed';

/** A case as the screen needs it. Of a confidential one the desk holds only that it is
 * there: the rest is asked for when it is opened, and that look is noted. While it is
 * asked for again the last answer stands, so that nothing half written goes. */
export function useOpened(r: Report): Opened {
  const opened = useSignal<Opened>('opening');
  useEffect(() => {
    if (!r.confidential) return;
    let left = false;
    open(r.id)
      .then((report) => {
        if (!left) opened.value = { report };
      })
      .catch(() => {
        if (!left && typeof opened.value === 'string') opened.value = 'failed';
      });
    return () => {
      left = true;
    };
  }, [r.id, r.rev, r.confidential, opened]);
  return r.confidential ? opened.value : { report: r };
}

async function open(id: string): Promise<Report> {
  type Body = { report: Report; texts?: Record<string, string>; reporter?: Reporter };
  const body = await ask<Body>(`/api/v1/reports/${id}`);
  return withTexts(body.report, body.texts ?? {}, body.reporter);
}

/** Puts the words where a desk's own bodies have them. */
export function withTexts(
  r: Report,
  texts: Record<string, string>,
  reporter: Reporter | undefined,
): Report {
  const fill = <T extends object>(all: Record<string, T> | undefined) =>
    Object.fromEntries(
      Object.entries(all ?? {}).map(([id, one]) => [
        id,
        texts[id] === undefined ? one : { ...one, text: texts[id] },
      ]),
    );
  return {
    ...r,
    notes: fill(r.notes),
    messages: fill(r.messages),
    ...(reporter ? { reporter } : {}),
  };
}
