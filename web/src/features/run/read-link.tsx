// From a step that something is said of to what was read there.
import { count } from '@/lib/format';
import { useRead } from './use-read';

export function ReadLink({ step }: { step: number }) {
  const { open } = useRead();
  return (
    <button type="button" className="link" onClick={() => open(step)}>
      What it read at step {count(step)}
    </button>
  );
}
