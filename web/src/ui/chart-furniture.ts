// What a chart draws beside its lines: bands behind them, levels and marks with their words, the hot point at the end.
import type uPlot from 'uplot';
import type { TimeChartProps } from './chart-props';

import { disc, line } from './strokes';

/** The words and ticks of marks at the top; what else is named there goes below them. */
const MARKS_PX = 38;
/** So many words of marks stand below each other. */
const MOST_WORDS = 3;

/** At least a pixel wide, so that a short answer is seen beside a long run. */
export function drawBands(u: uPlot, props: TimeChartProps, color: (name: string) => string): void {
  const { ctx, bbox } = u;
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  ctx.fillStyle = color('--plot-beside');
  for (const band of props.bands ?? []) {
    const [left, right] = [u.valToPos(band.from, 'x', true), u.valToPos(band.to, 'x', true)];
    ctx.fillRect(left, bbox.top, Math.max(right - left, 2 * devicePixelRatio), bbox.height);
  }
  ctx.restore();
}

export function drawFurniture(
  u: uPlot,
  props: TimeChartProps,
  color: (name: string) => string,
  font: string,
): void {
  const { ctx, bbox } = u;
  const scale = devicePixelRatio;
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top - 12 * scale, bbox.width, bbox.height + 12 * scale);
  ctx.clip();
  ctx.font = font.replace('11px', `${11 * scale}px`);
  ctx.lineWidth = scale;
  for (const level of props.levels ?? []) {
    const y = u.valToPos(level.value, 'y', true);
    ctx.strokeStyle = ctx.fillStyle = color('--plot-chance');
    ctx.setLineDash([3 * scale, 3 * scale]);
    line(ctx, bbox.left, y, bbox.left + bbox.width, y);
    ctx.textAlign = 'right';
    ctx.textBaseline = 'alphabetic';
    const isUnderMarks = (props.marks?.length ?? 0) > 0 && y < bbox.top + MARKS_PX * scale;
    const above = isUnderMarks ? -MARKS_PX : 5;
    ctx.fillText(level.label, bbox.left + bbox.width - 4 * scale, y - above * scale);
  }
  drawMarks(u, props, color, scale);
  ctx.restore();
}

/**
 * A tick and a word at each step; words that would touch stand below each other, and none leaves the chart. Where there is no
 * place for a word any more, the tick stands alone.
 */
function drawMarks(u: uPlot, props: TimeChartProps, color: (name: string) => string, scale: number): void {
  const { ctx, bbox } = u;
  const ends: number[] = [];
  ctx.setLineDash([]);
  ctx.textAlign = 'left';
  for (const mark of [...(props.marks ?? [])].sort((a, b) => a.step - b.step)) {
    const x = u.valToPos(mark.step, 'x', true);
    const width = ctx.measureText(mark.label).width;
    const left = Math.max(bbox.left, Math.min(x - width / 2, bbox.left + bbox.width - width));
    const free = ends.findIndex(end => end < left);
    const row = free === -1 ? ends.length : free;
    const hasWord = row < MOST_WORDS;
    if (hasWord) ends[row] = left + width + 6 * scale;
    const top = bbox.top + 13 * scale * (hasWord ? row : MOST_WORDS - 1);
    ctx.strokeStyle = ctx.fillStyle = color(mark.color);
    line(ctx, x, top + 14 * scale, x, top + 26 * scale);
    if (hasWord) ctx.fillText(mark.label, left, top + 9 * scale);
  }
}

export function drawEnd(u: uPlot, props: TimeChartProps, color: (name: string) => string): void {
  props.series.forEach((one, index) => {
    const value = one.values.at(-1);
    const step = props.steps.at(-1);
    if (!one.isLive || value === null || value === undefined || step === undefined) return;
    const [x, y] = [u.valToPos(step, 'x', true), u.valToPos(value, 'y', true)];
    if (!u.series[index + 1]?.show || !Number.isFinite(x) || !Number.isFinite(y)) return;
    const scale = devicePixelRatio;
    disc(u.ctx, x, y, 8 * scale, color('--molten-glow'));
    disc(u.ctx, x, y, 4 * scale, color('--molten'));
    disc(u.ctx, x, y, 2 * scale, color('--molten-hot'));
  });
}
