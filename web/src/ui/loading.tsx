// The shape of what comes; it appears only after a moment.
interface LoadingProps {
  label?: string;
  /** Heights of the parts from above, in pixels. */
  heights?: readonly number[];
}

export function Loading({ label = 'Loading', heights = [32, 240] }: LoadingProps) {
  return (
    <div className="stack" role="status" aria-label={label}>
      {heights.map((height, index) => (
        <div key={height} className="skeleton" style={{ width: index === 0 ? '40%' : '100%', height }} />
      ))}
    </div>
  );
}
