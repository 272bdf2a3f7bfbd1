// A curve as small as a word: its shape, no numbers. Hot at its end while it is live.
import { path } from '@/lib/scale';

interface SparklineProps {
  values: readonly number[];
  isLive?: boolean;
  label: string;
}

export function Sparkline({ values, isLive = false, label }: SparklineProps) {
  if (values.length < 2) return null;
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const points = values.map((value, index) => ({
    x: (index / (values.length - 1)) * 96 + 2,
    y: 22 - ((value - low) / Math.max(high - low, 1e-9)) * 20,
  }));
  const last = points.at(-1);
  return (
    <svg width="100" height="24" viewBox="0 0 100 24" role="img" aria-label={label}>
      <path d={path(points)} fill="none" stroke="var(--ink-2)" strokeWidth="1.3" strokeLinejoin="round" />
      {isLive && last && <circle cx={last.x} cy={last.y} r="2.5" fill="var(--molten)" />}
    </svg>
  );
}
