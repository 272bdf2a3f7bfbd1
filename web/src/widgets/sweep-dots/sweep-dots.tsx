// A sweep as dots: each variant where its setting stands, as high as its figure, the best filled. It never fetches.
// Lower on the picture is lower in value; a variant that failed is a cross at the top.
import type { SweepPoint } from '@/lib/api/schema';
import { decimals } from '@/lib/format';
import { isSeed, places, settingText, settingWords } from '@/lib/sweep';
import classes from './sweep-dots.module.css';

interface SweepDotsProps {
  fields: readonly string[];
  points: readonly Pick<SweepPoint, 'number' | 'settings' | 'status' | 'value' | 'is_best'>[];
  height?: number;
  /** Writes the highest and the lowest figure beside the dots. */
  hasScale?: boolean;
}

export function SweepDots({ fields, points, height = 54, hasScale = false }: SweepDotsProps) {
  const { at, isLog } = places(
    fields,
    points.map(point => point.settings),
  );
  const values = points.flatMap(point => (point.value === null ? [] : [point.value]));
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const floor = height - 20;
  const y = (value: number) => 6 + ((high - value) / Math.max(high - low, 1e-9)) * (floor - 6);
  const x = (index: number) => 3 + (at[index] ?? 0) * 94;
  const field = fields.find(one => !isSeed(one)) ?? fields[0] ?? '';
  const labels = labelsOf(points, field, x);
  const dots = (
    <div className={classes.dots} style={{ height }} role="img" aria-label={summary(fields, points, isLog)}>
      {points.map((point, index) => {
        if (point.value === null && point.status !== 'failed') return null;
        const look = point.status === 'failed' ? classes.failed : point.is_best ? classes.best : '';
        const top = point.value === null ? 6 : y(point.value);
        const told = point.value === null ? 'failed' : decimals(point.value);
        return (
          <i
            key={point.number}
            className={look}
            style={{ left: `${x(index)}%`, top }}
            title={`${settingWords(fields, point.settings)}: ${told}`}
          />
        );
      })}
      {labels.map(label => (
        <span
          key={label.text}
          className={label.isBest ? classes.key : ''}
          style={{ left: `${label.x}%`, top: height - 10 }}
        >
          {label.text}
        </span>
      ))}
    </div>
  );
  if (!hasScale || low >= high) return dots;
  return (
    <div className={classes.scaled}>
      <div className={classes.scale} aria-hidden="true">
        <span style={{ top: y(high) }}>{decimals(high)}</span>
        <span style={{ top: y(low) }}>{decimals(low)}</span>
      </div>
      {dots}
    </div>
  );
}

function labelsOf(points: SweepDotsProps['points'], field: string, x: (index: number) => number) {
  const found = new Map<string, { text: string; x: number; isBest: boolean }>();
  points.forEach((point, index) => {
    const text = settingText(point.settings[field]);
    const isBest = point.is_best || (found.get(text)?.isBest ?? false);
    found.set(text, { text, x: x(index), isBest });
  });
  const all = [...found.values()].sort((a, b) => a.x - b.x);
  const isEnd = (index: number) => index === 0 || index === all.length - 1;
  return all.length <= 4 ? all : all.filter((label, index) => isEnd(index) || label.isBest);
}

function summary(fields: readonly string[], points: SweepDotsProps['points'], isLog: boolean): string {
  const best = points.find(point => point.is_best);
  const told = best ? ` The best: ${settingWords(fields, best.settings)}.` : '';
  return `${points.length} variants by their result${isLog ? ', log scale' : ''}.${told}`;
}
