// How far measured points of a chart could be off: an upright stroke through each, behind it.
import type uPlot from 'uplot';

interface Spread {
  color: string;
  low?: (number | null)[];
  high?: (number | null)[];
}

export function drawSpreads(
  u: uPlot,
  steps: readonly number[],
  series: readonly Spread[],
  color: (name: string) => string,
): void {
  const { ctx, bbox } = u;
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  ctx.lineWidth = 1.5 * devicePixelRatio;
  ctx.globalAlpha = 0.6;
  for (const one of series) {
    ctx.strokeStyle = color(one.color);
    ctx.beginPath();
    steps.forEach((step, index) => {
      const [low, high] = [one.low?.[index], one.high?.[index]];
      if (typeof low !== 'number' || typeof high !== 'number') return;
      const x = u.valToPos(step, 'x', true);
      ctx.moveTo(x, u.valToPos(low, 'y', true));
      ctx.lineTo(x, u.valToPos(high, 'y', true));
    });
    ctx.stroke();
  }
  ctx.restore();
}
