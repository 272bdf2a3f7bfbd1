// The vocabulary that a run's tokenizer learns, as it grows.
import type { RunDetail, RunView } from '@/lib/api/schema';
import { useRunLog } from '@/lib/live/hooks';
import { VocabularyGrowth } from '@/widgets/vocabulary-growth/vocabulary-growth';

export function Growth({ run, detail }: { run: RunView; detail: RunDetail }) {
  const name = detail.nodes.find(node => node.stage === 'train_tokenizer')?.name;
  const node = run.nodes.find(one => one.name === name);
  const { state } = useRunLog(node?.run ?? null);
  if (state.growth.length === 0) return null;
  return (
    <section className="card" aria-labelledby="growth">
      <div className="card-head">
        <h2 className="h-pane" id="growth">
          Vocabulary
        </h2>
        <span className="tag">train_tokenizer</span>
      </div>
      <div className="card-body">
        <VocabularyGrowth growth={state.growth} isLive={node?.status === 'running'} />
      </div>
    </section>
  );
}
