// What the import of a run's text had to say: files that it left out, and why.
import type { RunDetail, RunView } from '@/lib/api/schema';
import { useRunLog } from '@/lib/live/hooks';
import { Findings } from './findings';

export function ImportFindings({ run, detail }: { run: RunView; detail: RunDetail }) {
  const name = detail.nodes.find(node => node.stage === 'import_dataset')?.name;
  const { state } = useRunLog(run.nodes.find(one => one.name === name)?.run ?? null);
  return <Findings findings={state.findings} setAside={[]} detail={detail} node={name ?? ''} isOnlyFound />;
}
