// The tokenizer lab: a tokenizer and a text; its merges as a film; others beside it; its vocabulary; what another size would
// cost; special tokens and chat template; a new one, learned from a dataset. The address holds all of it.
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useRef, useState } from 'react';
import type { ProblemError } from '@/lib/api/client';
import type { ItemView, TokenizerRow } from '@/lib/api/schema';
import { useLiveRuns } from '@/lib/live/hooks';
import { useProject } from '@/lib/project';
import { Failed } from '@/ui/failed';
import { Loading } from '@/ui/loading';
import { Bench } from './bench';
import { useDatasets, useTokenizers } from './calls';
import { Head } from './head';
import classes from './page.module.css';
import { fromSearch, type LabState, type Search, toSearch } from './state';
import { TrainDialog } from './train-dialog';
import { Training } from './training';

export function TokenizerPage() {
  const { project } = useProject();
  const search = useSearch({ strict: false }) as Search;
  const navigate = useNavigate();
  const [isTraining, setIsTraining] = useState(false);
  const start = useRef({ project: '', ref: '' });
  const given = fromSearch(search);
  const runs = useLiveRuns(project);
  const done = runs.filter(run => run.status === 'done').length;
  const tokenizers = useTokenizers(project, String(done));
  const datasets = useDatasets(project);
  const change = (fields: Partial<LabState>) =>
    navigate({
      to: '/tokenizer',
      search: ((before: Search) => toSearch({ ...fromSearch(before), ...fields })) as never,
      replace: true,
    });
  if (tokenizers.error && !tokenizers.data)
    return (
      <Failed
        isPage
        title={tokenizers.error.message}
        detail={(tokenizers.error as ProblemError).detail}
        retry={() => tokenizers.refetch()}
      />
    );
  if (!tokenizers.data)
    return (
      <>
        <h1 className="title">Tokenizer lab</h1>
        <Loading label="Loading the tokenizers" heights={[32, 420]} />
      </>
    );
  const present = tokenizers.data.items.filter(one => one.is_present);
  const absent = tokenizers.data.items.filter(one => !one.is_present);
  if (start.current.project !== project) start.current = { project, ref: startOf(present) };
  const state: LabState = { ...given, ref: listed(given.ref, present) || start.current.ref };
  const items: readonly ItemView[] = datasets.data?.items ?? [];
  const hasOwn = present.some(one => one.kind !== 'known');
  return (
    <>
      <Head
        state={state}
        project={project}
        items={present}
        onChange={change}
        onTrain={() => setIsTraining(true)}
      />
      {state.run && (
        <Training run={state.run} current={state.ref} project={project} items={present} onChange={change} />
      )}
      {!hasOwn && !state.run && (
        <section className={`empty ${classes.first}`}>
          <p className="teacher">No tokenizer of your own yet.</p>
          <p className="muted">
            A tokenizer learns from a text which letters often stand together. Until you have one, you can
            look at those that many models use.
          </p>
          <button type="button" className="btn" onClick={() => setIsTraining(true)}>
            Train a first one
          </button>
        </section>
      )}
      <Bench
        state={state}
        project={project}
        items={present}
        absent={absent}
        datasets={items}
        onChange={change}
      />
      <TrainDialog
        isOpen={isTraining}
        onClose={() => setIsTraining(false)}
        project={project}
        datasets={items}
        onStarted={run => change({ run })}
      />
    </>
  );
}

/** A tokenizer that is in the list goes by its name there, also where a link has its artifact. */
function listed(ref: string, present: readonly TokenizerRow[]): string {
  return present.find(one => one.artifact === ref)?.ref ?? ref;
}

/** What one begins with, and stays with: the newest own one, else the newest model's, else a known one with merges. */
function startOf(present: readonly TokenizerRow[]): string {
  const newest = (kind: TokenizerRow['kind']) =>
    present
      .filter(one => one.kind === kind)
      .reduce<TokenizerRow | undefined>(
        (best, one) => (best && (best.created_at ?? '') >= (one.created_at ?? '') ? best : one),
        undefined,
      );
  return (newest('item') ?? newest('model') ?? present.at(-1))?.ref ?? '';
}
