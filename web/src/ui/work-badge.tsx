// The state of work: a shape, then a word. States can be told apart without colour.
const LOOK: Record<string, [string, string]> = {
  waiting: ['', 'not run'],
  queued: ['queued', 'queued'],
  running: ['running', 'running'],
  stopping: ['running', 'saving'],
  done: ['done', 'done'],
  reused: ['cached', 'reused'],
  stale: ['stale', 'stale'],
  stopped: ['', 'paused'],
  interrupted: ['stale', 'interrupted'],
  failed: ['failed', 'failed'],
  dropped: ['', 'given up'],
  missing: ['failed', 'missing'],
};

export function WorkBadge({ status, word }: { status: string; word?: string | undefined }) {
  const [look, usual] = LOOK[status] ?? ['', status];
  return (
    <span className={`badge ${look}`}>
      <i aria-hidden="true" />
      {word ?? usual}
    </span>
  );
}
