import { type Signal, useSignal } from '@preact/signals';
import { useId, useRef } from 'preact/hooks';
import type { Box, Photo as Data } from '../core/civic';
import { t } from '../text/catalogue';
import { Icon } from '../ui/Icon';
import { Photo } from '../ui/Photo';
import { between, grown, maxBoxes, meant, moved, type Point } from './boxes';

type Props = { report: string; sha256: string; photo: Data; boxes: Signal<Box[]> };
type Drag = { from: Point; box?: number; was: Box[] };

const step = 0.01;
const steps: Record<string, [number, number]> = {
  ArrowLeft: [-step, 0],
  ArrowRight: [step, 0],
  ArrowUp: [0, -step],
  ArrowDown: [0, step],
};

/** A photo on which rectangles are drawn, by mouse, finger or keyboard. */
export function Cover({ report, sha256, photo, boxes }: Props) {
  const stage = useRef<HTMLDivElement>(null);
  const past = useSignal<Box[][]>([]);
  const drag = useRef<Drag | undefined>(undefined);
  const chosen = useSignal<number | undefined>(undefined);
  const help = useId();

  const change = (next: Box[]) => {
    past.value = [...past.value, boxes.value];
    boxes.value = next;
  };
  const focus = (i: number | undefined) => {
    chosen.value = i;
    // Once it has been drawn.
    requestAnimationFrame(() => {
      const list = stage.current?.querySelectorAll('button');
      (i === undefined ? stage.current : list?.[i])?.focus({ preventScroll: true });
    });
  };
  const undo = () => {
    const last = past.value[past.value.length - 1];
    if (!last) return;
    past.value = past.value.slice(0, -1);
    boxes.value = last;
    focus(undefined);
  };
  const remove = (i: number) => {
    change(boxes.value.filter((_, k) => k !== i));
    focus(undefined);
  };
  const add = () => {
    change([...boxes.value, [0.4, 0.4, 0.2, 0.2]]);
    focus(boxes.value.length - 1);
  };

  const at = (e: PointerEvent): Point => {
    const r = (stage.current as HTMLElement).getBoundingClientRect();
    return { x: (e.clientX - r.left) / r.width, y: (e.clientY - r.top) / r.height };
  };
  const begin = (e: PointerEvent) => {
    if (e.button !== 0 || drag.current) return;
    const held = (e.target as HTMLElement).closest<HTMLElement>('[data-box]');
    const box = held ? Number(held.dataset.box) : undefined;
    if (box === undefined && boxes.value.length >= maxBoxes) return;
    stage.current?.setPointerCapture(e.pointerId);
    drag.current = { from: at(e), was: boxes.value, ...(box === undefined ? {} : { box }) };
    chosen.value = box;
  };
  const pull = (e: PointerEvent) => {
    const d = drag.current;
    if (!d) return;
    const p = at(e);
    boxes.value =
      d.box === undefined
        ? [...d.was, between(d.from, p)]
        : d.was.map((b, i) => (i === d.box ? moved(b, p.x - d.from.x, p.y - d.from.y) : b));
  };
  const end = (e: PointerEvent) => {
    const d = drag.current;
    if (!d) return;
    pull(e);
    drag.current = undefined;
    const drawn = boxes.value;
    boxes.value = d.was;
    const i = d.box ?? d.was.length;
    if (d.box === undefined && !meant(drawn[i] as Box)) return;
    if (JSON.stringify(drawn) !== JSON.stringify(d.was)) change(drawn);
    focus(i);
  };
  const give = () => {
    if (drag.current) boxes.value = drag.current.was;
    drag.current = undefined;
  };
  const key = (e: KeyboardEvent) => {
    const i = chosen.value;
    if (e.key.toLowerCase() === 'z' && (e.ctrlKey || e.metaKey)) undo();
    else if (i === undefined) return;
    else if (e.key === 'Delete' || e.key === 'Backspace') remove(i);
    else if (steps[e.key]) {
      const [x, y] = steps[e.key] as [number, number];
      const act = e.shiftKey ? grown : moved;
      change(boxes.value.map((b, k) => (k === i ? act(b, x, y) : b)));
    } else return;
    e.preventDefault();
    e.stopPropagation();
  };

  return (
    <div class="stack-small">
      <p class="small" id={help}>
        {t('desk.cover.help')}
      </p>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the rectangles are buttons, the button below adds one */}
      <div
        ref={stage}
        class="cover"
        tabIndex={-1}
        onPointerDown={begin}
        onPointerMove={pull}
        onPointerUp={end}
        onPointerCancel={give}
        onKeyDown={key}
      >
        <Photo report={report} sha256={sha256} photo={photo} large />
        {boxes.value.map(([x, y, w, h], i) => (
          <button
            key={i}
            type="button"
            class="cover-box"
            data-box={i}
            aria-label={t('desk.cover.box', { n: i + 1 })}
            aria-describedby={help}
            aria-pressed={chosen.value === i}
            style={{
              left: `${x * 100}%`,
              top: `${y * 100}%`,
              width: `${w * 100}%`,
              height: `${h * 100}%`,
            }}
            onFocus={() => {
              chosen.value = i;
            }}
          />
        ))}
      </div>
      <div class="row">
        <button
          type="button"
          class="button"
          onClick={add}
          disabled={boxes.value.length >= maxBoxes}
        >
          <Icon name="new" />
          {t('desk.cover.add')}
        </button>
        <button
          type="button"
          class="button"
          disabled={chosen.value === undefined || chosen.value >= boxes.value.length}
          onClick={() => remove(chosen.value as number)}
        >
          <Icon name="close" />
          {t('desk.cover.remove')}
        </button>
        <button type="button" class="button" disabled={past.value.length === 0} onClick={undo}>
          <Icon name="back" />
          {t('desk.cover.undo')}
        </button>
      </div>
    </div>
  );
}
