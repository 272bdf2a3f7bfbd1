// A run that is a sweep: its best in a sentence, all variants as dots and as a table, seeds put together, and what each rung chose.
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { api, data, type ProblemError } from '@/lib/api/client';
import type { RunView, SweepTable as Table } from '@/lib/api/schema';
import { count, decimals, withUnit } from '@/lib/format';
import { settingWords } from '@/lib/sweep';
import { Failed } from '@/ui/failed';
import { Loading } from '@/ui/loading';
import { SweepDots } from '@/widgets/sweep-dots/sweep-dots';
import { SweepTable } from '@/widgets/sweep-table/sweep-table';
import { useMetrics } from './metrics';
import { Scaling } from './scaling';

const MAX_COMPARED = 4;

export function Sweep({ run }: { run: RunView }) {
  const summary = run.sweep;
  const navigate = useNavigate();
  const metrics = useMetrics();
  const [chosen, setChosen] = useState<string[]>([]);
  const version = `${run.status} ${run.node} ${summary?.num_done} ${summary?.num_failed} ${summary?.best}`;
  const found = useQuery({
    queryKey: ['run', run.id, 'sweep', version],
    queryFn: () => data(api.GET('/api/sweeps/{run}', { params: { path: { run: run.id } } })),
    placeholderData: before => before,
    enabled: summary !== null,
  });
  if (!summary) return null;
  if (found.error && !found.data) {
    const problem = found.error as ProblemError;
    return <Failed title={problem.message} detail={problem.detail} retry={() => found.refetch()} />;
  }
  if (!found.data) return <Loading label="Loading the sweep" heights={[120]} />;
  const table = found.data;
  const metric = metrics[table.metric];
  const label = metric ? withUnit(metric.label.toLowerCase(), metric.unit) : table.metric;
  const choose = (id: string) =>
    setChosen(chosen.includes(id) ? chosen.filter(one => one !== id) : [...chosen, id].slice(-MAX_COMPARED));
  const compare = () => navigate({ to: '/runs', search: { compare: chosen.join(',') } as never });
  return (
    <section className="card" aria-labelledby="sweep">
      <div className="card-head">
        <h2 className="h-pane" id="sweep">
          Sweep
        </h2>
        <span className="note">{told(table)}</span>
        <span className="grow" />
        {chosen.length > 0 && (
          <button type="button" className="btn sm" disabled={chosen.length < 2} onClick={compare}>
            {chosen.length < 2 ? 'Tick a second one' : `Compare ${chosen.length}`}
          </button>
        )}
      </div>
      <div className="card-body stack">
        <p className="reading">{sentence(table)}</p>
        <SweepDots
          hasScale
          fields={table.fields}
          points={table.variants.map(row => ({ ...row, value: row.values.at(-1) ?? null }))}
          height={96}
        />
        <SweepTable table={table} label={label} chosen={chosen} onChoose={choose} />
        <Groups table={table} />
        <Rungs table={table} />
        {table.verdict && <p className="note">{table.verdict}</p>}
        <Scaling run={run} label={label} metric={table.metric} numDone={summary.num_done} />
      </div>
    </section>
  );
}

function sentence(table: Table): string {
  const best = table.variants.find(row => row.is_best);
  const value = best?.values.at(-1);
  if (!best || value === undefined) return 'The best is known when all variants have been measured.';
  return `The best of ${table.variants.length}: ${settingWords(table.fields, best.settings)}, with ${decimals(value)}.`;
}

function told(table: Table): string {
  const num = (status: string) => table.variants.filter(row => row.status === status).length;
  const parts = [
    [num('done'), 'done'],
    [num('running'), 'running'],
    [num('dropped'), 'given up early'],
    [num('failed'), 'failed'],
    [num('waiting'), 'not run'],
  ] as const;
  return parts.flatMap(([each, word]) => (each ? [`${each} ${word}`] : [])).join(', ');
}

function Groups({ table }: { table: Table }) {
  const repeated = table.groups.filter(group => group.spread !== null && group.mean !== null);
  if (repeated.length === 0) return null;
  const fields = table.fields.filter(field => repeated.some(group => field in group.settings));
  return (
    <div>
      <h3 className="label">Over seeds</h3>
      <table className="table">
        <thead>
          <tr>
            <th>settings</th>
            <th className="r">seeds</th>
            <th className="r">mean ± spread</th>
          </tr>
        </thead>
        <tbody>
          {repeated.map(group => (
            <tr key={group.group} className={group.is_best ? 'is-selected' : ''}>
              <td>{settingWords(fields, group.settings) || 'all alike'}</td>
              <td className="r num">{group.num_values}</td>
              <td className="r num">
                {decimals(group.mean ?? 0)} ± {decimals(group.spread ?? 0)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Rungs({ table }: { table: Table }) {
  if (table.rungs.length < 2) return null;
  return (
    <div>
      <h3 className="label">Rungs</h3>
      <table className="table">
        <thead>
          <tr>
            <th className="r">to step</th>
            <th className="r">began</th>
            <th className="r">kept</th>
            <th>why</th>
          </tr>
        </thead>
        <tbody>
          {table.rungs.map(rung => (
            <tr key={rung.rung}>
              <td className="r num">{rung.steps === null ? '–' : count(rung.steps)}</td>
              <td className="r num">{rung.num_variants}</td>
              <td className="r num">{rung.num_kept}</td>
              <td>{rung.is_closed ? rung.reason : 'not yet'}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
