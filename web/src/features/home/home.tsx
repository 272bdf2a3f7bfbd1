// Home for someone who comes back: one sentence, what runs, the next step, what happened, what there is.
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { api, data, loadSession } from '@/lib/api/client';
import type { ItemView, RunView } from '@/lib/api/schema';
import { bytes, decimals, when } from '@/lib/format';
import { useProject } from '@/lib/project';
import { KindShape } from '@/ui/kind-shape';
import { WorkBadge } from '@/ui/work-badge';
import { headline, newsLine, nextStep } from './headline';
import classes from './home.module.css';
import { Running } from './running';

interface HomeProps {
  runs: RunView[];
  onOwnText: () => void;
}

export function Home({ runs, onOwnText }: HomeProps) {
  const { project } = useProject();
  const session = useQuery({
    queryKey: ['session'],
    queryFn: loadSession,
    staleTime: Number.POSITIVE_INFINITY,
  });
  const active = runs.find(run => ['running', 'stopping'].includes(run.status));
  const ended = runs.filter(run => run.ended_at !== null && run.status !== 'queued').slice(0, 6);
  const step = nextStep(runs, session.data?.user.persona ?? null);
  const today = new Date().toLocaleDateString('en-GB', { weekday: 'long', day: 'numeric', month: 'long' });
  return (
    <>
      <p className="note">{today}</p>
      <h1 className={`teacher ${classes.headline}`}>{headline(runs)}</h1>
      <div className={classes.top}>
        {active ? <Running run={active} /> : <Nothing onOwnText={onOwnText} hasRuns={runs.length > 0} />}
        {runs.length > 0 && (
          <section className="card">
            <div className="card-head">
              <h2 className="h-pane">Next</h2>
            </div>
            <div className={`card-body ${classes.next}`}>
              <p className="reading">{step.text}</p>
              <div className="row wrap">
                {step.to && (
                  <Link className="btn primary" to={step.to} search={step.search as never}>
                    {step.label}
                  </Link>
                )}
                <button type="button" className={step.to ? 'btn' : 'btn primary'} onClick={onOwnText}>
                  Use my own text
                </button>
              </div>
            </div>
          </section>
        )}
      </div>
      <section className={classes.news} aria-labelledby="news">
        <div className={classes.sectionHead}>
          <h2 className="h-pane" id="news">
            What happened
          </h2>
          <Link to="/runs">All runs</Link>
        </div>
        {ended.length === 0 && <p className="muted">Runs that end are told here.</p>}
        {ended.map(run => (
          <article key={run.id} className={classes.event}>
            <time className="num muted" dateTime={run.ended_at ?? ''}>
              {when(run.ended_at ?? run.created_at)}
            </time>
            <WorkBadge status={run.status} />
            <p>
              <b>{run.name}</b> <span className="muted">{newsLine(run)}</span>
            </p>
            <Link className="btn sm" to="/runs/$runId" params={{ runId: run.id }}>
              {run.status === 'failed' ? 'Look and decide' : 'Open'}
            </Link>
          </article>
        ))}
      </section>
      <Recent project={project} />
      <Machine />
    </>
  );
}

function Recent({ project }: { project: string }) {
  const items = useQuery({
    queryKey: ['items', project],
    queryFn: () => data(api.GET('/api/items', { params: { query: { project, limit: 7 } } })),
    refetchInterval: 15_000,
  });
  if (!items.data?.items.length) return null;
  return (
    <section className={classes.news} aria-labelledby="recent">
      <div className={classes.sectionHead}>
        <h2 className="h-pane" id="recent">
          Recent
        </h2>
      </div>
      <div className="scroll-x">
        <table className="table">
          <thead>
            <tr>
              <th>name</th>
              <th>kind</th>
              <th className="r">version</th>
              <th className="r">made</th>
              <th className="r">
                <span className="sr">open</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {items.data.items.map(item => (
              <ItemRow key={`${item.kind}/${item.name}`} item={item} />
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function ItemRow({ item }: { item: ItemView }) {
  return (
    <tr>
      <td>
        <span className="row">
          <KindShape kind={item.kind} />
          <b>{item.name}</b>
        </span>
      </td>
      <td className="muted">{item.kind}</td>
      <td className="r num">{item.version}</td>
      <td className="r num">{when(item.created_at)}</td>
      <td className="r">
        {item.kind === 'model' && (
          <Link to="/playground" search={{ ref: `${item.kind}/${item.name}@${item.version}` } as never}>
            Talk to it
          </Link>
        )}
      </td>
    </tr>
  );
}

function Machine() {
  const machine = useQuery({
    queryKey: ['machine'],
    queryFn: () => data(api.GET('/api/machine')),
    refetchInterval: 5_000,
  });
  const now = machine.data?.now;
  if (!now) return null;
  return (
    <footer className={classes.machine}>
      {machine.data?.machine?.processor && <span>{machine.data.machine.processor}</span>}
      <span>
        processor <span className="num">{decimals(now.cpu_percent, 0)} %</span>
      </span>
      <span>
        memory{' '}
        <span className="num">
          {bytes(now.memory_used_bytes)} of {bytes(now.memory_total_bytes)}
        </span>
      </span>
      <span>
        disk free <span className="num">{bytes(now.disk_free_bytes)}</span>
      </span>
      <span className="faint">Nothing leaves this machine.</span>
    </footer>
  );
}

function Nothing({ onOwnText, hasRuns }: { onOwnText: () => void; hasRuns: boolean }) {
  return (
    <section className="empty">
      <p className="teacher">{hasRuns ? 'Nothing is running now.' : 'Nothing has been trained here yet.'}</p>
      <p className="muted">
        A run turns text into a model that writes. Start one from a recipe, or bring text of your own.
      </p>
      <div className="row wrap">
        <Link className={hasRuns ? 'btn' : 'btn primary'} to="/runs" search={{ new: 'first-model' } as never}>
          Start a run
        </Link>
        {!hasRuns && (
          <button type="button" className="btn" onClick={onOwnText}>
            Use my own text
          </button>
        )}
      </div>
    </section>
  );
}
