// A chart over steps on uPlot: hot at its newest point while it is live, one cursor for all charts of a page, drag to zoom,
// double-click to reset. In: aligned columns. Colours are read from the theme, so light and dark need no second drawing code.
import 'uplot/dist/uPlot.min.css';
import { useComputedColorScheme } from '@mantine/core';
import { useEffect, useRef } from 'react';
import uPlot from 'uplot';
import { drawBands, drawEnd, drawFurniture } from './chart-furniture';
import type { ChartSeries, TimeChartProps } from './chart-props';
import { drawSpreads } from './chart-spreads';
import { onSingleClick } from './single-click';
import classes from './time-chart.module.css';

const SYNC = 'run';
/** Heat is recency, as a length on the axis: this share of the planned run. */
const HEAT_SHARE = 0.06;
/** A chart that is lower than this keeps its colour; only its newest point is hot. */
const LARGE_PX = 200;
const POINT_PX = 7;
/** So few points are seen one by one, however close. */
const MANY = 40;

export function TimeChart(props: TimeChartProps) {
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const latest = useRef(props);
  latest.current = props;
  const scheme = useComputedColorScheme('light');
  const { isLog = false, height, steps, series, levels, marks, bands, lastStep, zoom } = props;
  const shape = props.series.map(one => `${one.label}${one.look}${one.color}`).join();

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new theme, shape or scale is a new drawing
  useEffect(() => {
    const host = box.current;
    if (!host) return;
    const made = new uPlot(optionsOf(host, latest), dataOf(latest.current), host);
    plot.current = made;
    const observer = new ResizeObserver(() =>
      made.setSize({ width: host.clientWidth, height: latest.current.height }),
    );
    observer.observe(host);
    return () => {
      observer.disconnect();
      made.destroy();
      plot.current = null;
    };
  }, [scheme, shape, isLog, height]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: drawn anew when what it shows has changed, however often its page is
  useEffect(() => {
    const made = plot.current;
    if (!made) return;
    made.setData(dataOf(latest.current), false);
    const [min, max] = zoom ?? [0, Math.max(lastStep, 1)];
    made.setScale('x', { min, max });
  }, [scheme, shape, isLog, height, steps, series, levels, marks, bands, lastStep, zoom]);

  return <div ref={box} className={classes.chart} role="img" aria-label={props.label} style={{ height }} />;
}

function dataOf({ steps, series }: TimeChartProps): uPlot.AlignedData {
  return [steps, ...series.map(one => one.values)] as uPlot.AlignedData;
}

function optionsOf(host: HTMLElement, latest: { current: TimeChartProps }): uPlot.Options {
  const { series, height, isLog } = latest.current;
  const color = colorsOf(host);
  const font = `11px ${color('--font-model')}`;
  const axis = { font, stroke: color('--plot-tick'), ticks: { show: false } };
  return {
    width: host.clientWidth,
    height,
    padding: [10, 22, 0, 0],
    legend: { show: false },
    scales: {
      x: { time: false, auto: false },
      y: { ...(isLog ? { distr: 3 as const } : { range: rangeOf(latest) }) },
    },
    axes: [
      {
        ...axis,
        size: 26,
        grid: { show: false },
        values: (_, ticks) => ticks.map(tick => tick.toLocaleString('en-US')),
      },
      {
        ...axis,
        size: 52,
        space: height < LARGE_PX ? 22 : 40,
        grid: { stroke: color('--plot-grid'), width: 1 },
        values: (_, ticks) => ticks.map(tick => (tick === null ? '' : latest.current.format(tick))),
      },
    ],
    cursor: {
      sync: { key: SYNC, setSeries: false },
      drag: { x: true, y: false, setScale: false },
      y: false,
      points: { show: false },
    },
    series: [{}, ...series.map((one, index) => lineOf(one, index, latest, color))],
    hooks: {
      setCursor: [
        u =>
          latest.current.onHover(
            u.cursor.idx === null || u.cursor.idx === undefined ? null : (u.data[0][u.cursor.idx] ?? null),
          ),
      ],
      setSelect: [
        u => {
          if (u.select.width < 4) return;
          const [from, to] = [
            u.posToVal(u.select.left, 'x'),
            u.posToVal(u.select.left + u.select.width, 'x'),
          ];
          latest.current.onZoom([from, to]);
          u.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
        },
      ],
      ready: [
        u => u.over.addEventListener('dblclick', () => latest.current.onZoom(null)),
        u => onSingleClick(u, step => latest.current.onPick?.(step)),
      ],
      drawClear: [u => drawBands(u, latest.current, color)],
      drawAxes: [u => drawSpreads(u, latest.current.steps, latest.current.series, color)],
      draw: [u => drawFurniture(u, latest.current, color, font), u => drawEnd(u, latest.current, color)],
    },
  };
}

/** Colours of the theme by name. Another theme is another drawing, so each is looked up once. */
function colorsOf(host: HTMLElement): (name: string) => string {
  const css = getComputedStyle(host);
  const known = new Map<string, string>();
  return name => {
    const found = known.get(name) ?? css.getPropertyValue(name).trim();
    known.set(name, found);
    return found;
  };
}

/** The range of what is seen, with its levels, and a little air. */
function rangeOf(latest: { current: TimeChartProps }): uPlot.Range.Function {
  return (_, low, high) => {
    const levels = (latest.current.levels ?? []).map(level => level.value);
    const [min, max] = [Math.min(low ?? 0, ...levels), Math.max(high ?? 1, ...levels)];
    const air = (max - min || Math.abs(max) || 1) * 0.06;
    return [min >= 0 && min - air < 0 ? 0 : min - air, max + air];
  };
}

function lineOf(
  one: ChartSeries,
  index: number,
  latest: { current: TimeChartProps },
  color: (name: string) => string,
): uPlot.Series {
  const plain = color(one.look === 'raw' ? '--plot-raw' : one.color);
  const points = {
    show: (u: uPlot) => one.look === 'points' && !isDense(u, index + 1),
    size: POINT_PX,
    width: 1.5,
    fill: color('--surface'),
    stroke: plain,
  };
  return {
    label: one.label,
    width: one.look === 'raw' ? 1 : 1.6,
    spanGaps: true,
    points,
    ...(one.look === 'points' ? { paths: lineOfMany } : {}),
    ...(one.look === 'dashed' ? { dash: [4, 3] } : {}),
    stroke: u => {
      const now = latest.current.series[index];
      return now?.isLive && latest.current.height >= LARGE_PX ? heated(u, plain, color) : plain;
    },
  };
}

const line = uPlot.paths.linear?.();

/** Points that would lie on each other are a line instead. */
const lineOfMany: uPlot.Series.PathBuilder = (u, index, first, last) =>
  isDense(u, index) ? (line?.(u, index, first, last) ?? null) : null;

function isDense(u: uPlot, index: number): boolean {
  const steps = u.data[0];
  const [first = 0, last = -1] = u.series[0]?.idxs ?? [];
  const shown: number[] = [];
  for (let at = first; at <= last; at += 1)
    if (typeof u.data[index]?.[at] === 'number') shown.push(steps[at] ?? 0);
  const px = u.valToPos(shown.at(-1) ?? 0, 'x') - u.valToPos(shown[0] ?? 0, 'x');
  return shown.length > MANY && px < POINT_PX * shown.length;
}

/** Heat is recency: the line's colour, and molten over the last stretch before its newest point. */
function heated(u: uPlot, plain: string, color: (name: string) => string): CanvasGradient | string {
  const last = u.data[0].at(-1);
  if (last === undefined) return plain;
  const end = u.valToPos(last, 'x', true);
  if (!Number.isFinite(end)) return plain;
  const gradient = u.ctx.createLinearGradient(end - HEAT_SHARE * u.bbox.width, 0, end, 0);
  gradient.addColorStop(0, plain);
  gradient.addColorStop(0.75, color('--molten'));
  gradient.addColorStop(1, color('--molten-hot'));
  return gradient as CanvasGradient;
}
