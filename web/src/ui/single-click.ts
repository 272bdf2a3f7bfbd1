// A click on a chart that is neither a drag, which zooms, nor the first half of a double click, which shows all.
import type uPlot from 'uplot';

/** So long a click waits for a second one. */
const CLICK_MS = 220;
const DRAG_PX = 3;

/** Tells the step that was clicked, once it is sure that no second click follows. */
export function onSingleClick(u: uPlot, pick: (step: number) => void): void {
  let [downAt, timer] = [0, 0];
  u.over.addEventListener('pointerdown', event => {
    downAt = event.clientX;
  });
  u.over.addEventListener('click', event => {
    clearTimeout(timer);
    const step = u.data[0][u.posToIdx(event.offsetX)];
    if (event.detail > 1 || Math.abs(event.clientX - downAt) > DRAG_PX || step === undefined) return;
    timer = window.setTimeout(() => pick(step), CLICK_MS);
  });
}
