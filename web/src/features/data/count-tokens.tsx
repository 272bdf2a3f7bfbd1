// Counting the tokens of a dataset under a tokenizer of one's choice: the dataset is described anew with it.
import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { api, data, type ProblemError } from '@/lib/api/client';
import { count } from '@/lib/format';
import { useRunLog } from '@/lib/live/hooks';
import { Failed } from '@/ui/failed';
import classes from './data.module.css';

interface CountTokensProps {
  at: string;
  project: string;
  /** The tokenizer that was counted with, by its artifact. */
  counted: string | null;
  onDone: () => void;
}

export function CountTokens({ at, project, counted, onDone }: CountTokensProps) {
  const [chosen, setChosen] = useState('');
  const [run, setRun] = useState<string | null>(null);
  const [problem, setProblem] = useState<ProblemError | null>(null);
  const { state } = useRunLog(run);
  const tokenizers = useQuery({
    queryKey: ['items', project, 'tokenizer'],
    queryFn: () =>
      data(api.GET('/api/items', { params: { query: { project, kind: 'tokenizer', limit: 100 } } })),
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: told once, when the run is done
  useEffect(() => {
    if (run && state.status === 'done') {
      setRun(null);
      onDone();
    }
  }, [run, state.status]);
  const items = tokenizers.data?.items ?? [];
  if (items.length === 0) return null;
  const used = items.find(item => item.artifact === counted);
  const isBusy = run !== null && state.status !== 'failed' && state.status !== 'stopped';
  const start = async () => {
    setProblem(null);
    try {
      const body = { project, tokenizer: `tokenizer/${chosen || items[0]?.name}` };
      const made = await data(
        api.POST('/api/datasets/{ref}/describe', { params: { path: { ref: at } }, body }),
      );
      setRun(made.run);
    } catch (error) {
      setProblem(error as ProblemError);
    }
  };
  return (
    <div className={`row wrap ${classes.tokens}`}>
      <label className="row">
        <span className="note">{used ? `Counted with ${used.name}; or with` : 'Tokens under'}</span>
        <select
          className="select num"
          value={chosen || items[0]?.name}
          disabled={isBusy}
          onChange={event => setChosen(event.target.value)}
        >
          {items.map(item => (
            <option key={item.name} value={item.name}>
              {item.name}
            </option>
          ))}
        </select>
      </label>
      <button type="button" className="btn sm" disabled={isBusy} onClick={() => void start()}>
        {isBusy ? 'Counting' : 'Count'}
      </button>
      {isBusy && state.progress && (
        <span className="note" role="status">
          {count(state.progress.done)} of {count(state.progress.total)} {state.progress.unit}
        </span>
      )}
      {state.status === 'failed' && state.error && (
        <Failed title={state.error.message} detail={state.error.hint} />
      )}
      {problem && <Failed title={problem.message} detail={problem.detail} />}
    </div>
  );
}
