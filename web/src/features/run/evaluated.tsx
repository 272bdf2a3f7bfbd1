// What a finished run measured on text that its model never read: its loss beside simple yardsticks, and what it answered rightly.
import { useQuery } from '@tanstack/react-query';
import { api, data, type ProblemError } from '@/lib/api/client';
import type { EvaluationView, RunView } from '@/lib/api/schema';
import { between, bytes, count, decimals, percent } from '@/lib/format';
import { Failed } from '@/ui/failed';
import { ShareBars } from '@/widgets/share-bars/share-bars';
import classes from './run.module.css';

export function Evaluated({ run }: { run: RunView }) {
  const isDone = run.status === 'done';
  const asked = useQuery({
    queryKey: ['run', run.id, 'evaluations'],
    queryFn: () => data(api.GET('/api/runs/{run}/evaluations', { params: { path: { run: run.id } } })),
    enabled: isDone,
  });
  if (asked.error && !asked.data) {
    const problem = asked.error as ProblemError;
    return <Failed title={problem.message} detail={problem.detail} retry={() => asked.refetch()} />;
  }
  return asked.data?.map(found => <OneEvaluation key={found.artifact} found={found} />);
}

function OneEvaluation({ found }: { found: EvaluationView }) {
  const { loss, scores } = found;
  return (
    <section className="card" aria-label="On text that it never read">
      <div className="card-head">
        <h2 className="h-pane">On text that it never read</h2>
        <span className="grow" />
        {loss && <span className="note">{bytes(loss.num_bytes)} held out</span>}
      </div>
      <div className="card-body stack">
        <p className="reading">{saying(found)}</p>
        {loss && <Losses found={found} />}
        {scores.length > 0 && (
          <dl className={classes.scores}>
            {scores.map(score => (
              <div key={score.kind}>
                <dt>{score.kind.replaceAll('_', ' ')}</dt>
                <dd className="num">
                  {count(Math.round(score.value * score.num_items))} of {count(score.num_items)}
                </dd>
                <dd className="note">
                  95 %: {percent(score.low)} to {percent(score.high)}
                </dd>
              </div>
            ))}
          </dl>
        )}
      </div>
    </section>
  );
}

function Losses({ found }: { found: EvaluationView }) {
  const rows = [
    ...(found.loss ? [{ label: 'this model', loss: found.loss }] : []),
    ...found.yardsticks.map(one => ({ label: one.label, loss: one.loss })),
  ];
  const most = Math.max(...rows.map(row => row.loss.bits_per_byte));
  return (
    <div className={classes.losses}>
      <ShareBars
        label="Bits for each byte, lower is better"
        bars={rows.map((row, index) => ({
          label: row.label,
          share: row.loss.bits_per_byte / most,
          text: between(row.loss.bits_per_byte, row.loss.bits_interval ?? undefined),
          isQuiet: index > 0,
        }))}
      />
      <p className="note">Bits for each byte; lower is better.</p>
    </div>
  );
}

/** The one thing to know, in a sentence. */
function saying({ loss, yardsticks, scores }: EvaluationView): string {
  const [score] = scores;
  if (score) {
    const right = count(Math.round(score.value * score.num_items));
    return `It answered ${right} of ${count(score.num_items)} questions rightly.`;
  }
  if (!loss) return 'Nothing was held out to measure it on.';
  const best = Math.min(...yardsticks.map(one => one.loss.bits_per_byte));
  const needs = `It needs ${decimals(loss.bits_per_byte)} bits for each byte`;
  const name = yardsticks.find(one => one.loss.bits_per_byte === best)?.label;
  if (!name) return `${needs}.`;
  return `${needs}; the best yardstick, ${article(name)}, ${decimals(best)}.`;
}

function article(label: string): string {
  return /^(8|11|18|[aeiou](?!ni))/.test(label) ? `an ${label}` : `a ${label}`;
}
