// The playground: a model, a prompt, an answer whose every token can be opened; how the next one is drawn; another
// checkpoint beside it; turns; and the same as a command.
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useMemo } from 'react';
import { api, data, type ProblemError } from '@/lib/api/client';
import type { ModelView } from '@/lib/api/schema';
import { useLiveRuns } from '@/lib/live/hooks';
import { useProject } from '@/lib/project';
import { Failed } from '@/ui/failed';
import { Loading } from '@/ui/loading';
import { Chat } from './chat';
import { Complete } from './complete';
import { ModelSelect } from './model-select';
import classes from './playground.module.css';
import { fromSearch, type PlayState, type Search, toSearch } from './state';

export function PlaygroundPage() {
  const { project } = useProject();
  const search = useSearch({ strict: false }) as Search;
  const navigate = useNavigate();
  const given = useMemo(() => fromSearch(search), [search]);
  const runs = useLiveRuns(project);
  const saved = runs.map(run => `${run.id}${run.status}${Math.floor((run.step ?? 0) / 100)}`).join();
  const models = useQuery({
    queryKey: ['models', project, saved],
    queryFn: () => data(api.GET('/api/models', { params: { query: { project } } })),
    placeholderData: before => before,
  });
  const items = models.data?.items ?? [];
  const chosen =
    items.find(model => isMeant(model, given.ref)) ??
    items.find(model => given.ref === `${model.run}:latest`) ??
    (given.ref ? undefined : items[0]);
  const state: PlayState = { ...given, ref: chosen?.ref ?? given.ref };
  const change = (fields: Partial<PlayState>) =>
    navigate({
      to: '/playground',
      search: { ...toSearch({ ...state, ...fields }), copies: search.copies } as never, // whether copies are looked for stays
      replace: true,
    });
  if (models.error && !models.data)
    return (
      <Failed
        isPage
        title={models.error.message}
        detail={(models.error as ProblemError).detail}
        retry={() => models.refetch()}
      />
    );
  if (models.isPending)
    return (
      <>
        <h1 className="title">Playground</h1>
        <Loading label="Loading the models" />
      </>
    );
  const training = runs.find(run => run.status === 'running');
  return (
    <>
      <div className="page-head">
        <h1 className="title">Playground</h1>
        {items.length > 0 && (
          <fieldset className="segmented" aria-label="Mode">
            <button
              type="button"
              aria-pressed={state.mode === 'complete'}
              onClick={() => change({ mode: 'complete' })}
            >
              Complete
            </button>
            <button
              type="button"
              aria-pressed={state.mode === 'chat'}
              onClick={() => change({ mode: 'chat' })}
            >
              Chat
            </button>
          </fieldset>
        )}
      </div>
      {items.length === 0 ? (
        <section className={`empty ${classes.empty}`}>
          <p className="teacher">No model can write yet.</p>
          <p className="muted">
            {training
              ? `${training.name} is on its way. As soon as its first checkpoint is saved you can talk to it here, while it goes on learning.`
              : 'A model appears here as soon as a run has saved its first checkpoint.'}
          </p>
          {training ? (
            <Link className="btn primary" to="/runs/$runId" params={{ runId: training.id }}>
              Watch it
            </Link>
          ) : (
            <Link className="btn primary" to="/runs" search={{ new: 'first-model' } as never}>
              Start a run
            </Link>
          )}
        </section>
      ) : (
        <>
          <div className={classes.models}>
            <ModelSelect models={items} value={state.ref} onChange={ref => change({ ref })} label="Model" />
            {state.mode === 'complete' && !state.other && items.length > 1 && (
              <ModelSelect
                models={items}
                value=""
                onChange={other => change({ other })}
                label="The other model"
                none="compare with another"
              />
            )}
          </div>
          {state.mode === 'chat' ? (
            <Chat
              key={String(chosen?.has_chat_template)}
              state={state}
              project={project}
              hasTemplate={chosen?.has_chat_template ?? false}
            />
          ) : (
            <Complete state={state} models={items} project={project} training={training} onChange={change} />
          )}
        </>
      )}
    </>
  );
}

/** Whether a reference in the address means this model: by its own, by its run's newest, or by run and step. */
function isMeant(model: ModelView, ref: string): boolean {
  return model.ref === ref || (ref !== '' && ref === `${model.run}:${model.step}`);
}
