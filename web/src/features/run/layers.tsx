// What goes on in each layer over the steps: one figure at a time, chosen in the address, with its healthy range framed.
import { useNavigate, useSearch } from '@tanstack/react-router';
import { memo, useMemo } from 'react';
import { count } from '@/lib/format';
import type { StepRow } from '@/lib/live/run-log';
import { StepPager, useStepPage } from '@/ui/step-pager';
import { TableTwin } from '@/ui/table-twin';
import { HeatMap, type HeatRow } from '@/widgets/heat-map/heat-map';
import { type Healthy, isHealthy } from '@/widgets/heat-map/ramp';
import { RampKey } from '@/widgets/heat-map/ramp-key';
import { drawnOf, type Measured } from './layer-rows';
import { formatOf, type Metric, useMetrics } from './metrics';
import { Explained } from './readouts';
import classes from './run.module.css';

const FIRST = 'update_ratio';
const PAGE = 40;
const ANY: Healthy = { from: null, to: null };

interface LayersProps {
  layers: Measured;
  /** Of the training; its learning rate says where the healthy range holds. */
  rows: readonly StepRow[];
  steps: number;
}

export const Layers = memo(function Layers({ layers, rows: trained, steps }: LayersProps) {
  const metrics = useMetrics();
  const navigate = useNavigate();
  const search = useSearch({ strict: false }) as { layers?: string };
  const names = useMemo(() => namesIn(layers), [layers]);
  const name = search.layers && names.includes(search.layers) ? search.layers : (names[0] ?? FIRST);
  const metric = metrics[name];
  const drawn = useMemo(() => drawnOf(layers, name, metric, trained), [layers, name, metric, trained]);
  const { page, go } = useStepPage(drawn.list, PAGE);
  if (names.length === 0) return null;
  const { judgedStep, rows, judged, ramp, healthy } = drawn;
  const format = formatOf(name);
  const label = metric?.label ?? name;
  return (
    <section className="card" aria-labelledby="layers">
      <div className="card-head">
        <h2 className="h-pane" id="layers">
          Layers over time
        </h2>
        <label>
          <span className="sr">Figure</span>
          <select
            className="select"
            value={name}
            onChange={event =>
              navigate({
                to: '.',
                search: (before: Record<string, unknown>) => ({ ...before, layers: event.target.value }),
                replace: true,
                resetScroll: false,
              } as never)
            }
          >
            {names.map(one => (
              <option key={one} value={one}>
                {metrics[one]?.label ?? one}
              </option>
            ))}
          </select>
        </label>
        <span className="grow" />
        {ramp && <RampKey ramp={ramp} healthy={healthy} format={format} />}
      </div>
      <div className="card-body">
        <p className={classes.saying}>
          {judgedStep === 0
            ? 'What is healthy is said once the learning rate is near its height.'
            : saying(judged, healthy, label, value => unbroken(format(value)), judgedStep)}
        </p>
        {ramp && (
          <HeatMap
            steps={drawn.steps}
            rows={rows}
            judged={judged}
            ramp={ramp}
            healthy={healthy}
            lastStep={steps}
            format={format}
            label={`${label} of each layer over the steps, from ${format(ramp.low)} to ${format(ramp.high)} ${metric?.unit ?? ''}`}
          />
        )}
        <p className="note">
          <Explained metric={metric}>{label}</Explained>
          {healthyWords(metric, format)}
        </p>
        <TableTwin
          label={`${label} by layer and step, as a table`}
          below={() => <StepPager page={page} go={go} label="Pages of the table of layers" />}
        >
          {() => (
            <>
              <thead>
                <tr>
                  <th className="r">step</th>
                  {rows.map(row => (
                    <th key={row.label} className="r">
                      {row.label}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {page.steps.map(step => (
                  <tr key={step}>
                    <td className="r num">{count(step)}</td>
                    {(drawn.byStep.get(step) ?? []).map((value, layer) => (
                      <td key={layer} className="r num">
                        {value === null ? '–' : format(value)}
                        {!isHealthy(value, drawn.isJudged(step) ? healthy : ANY) && (
                          <span className="sr"> outside</span>
                        )}
                      </td>
                    ))}
                  </tr>
                ))}
              </tbody>
            </>
          )}
        </TableTwin>
      </div>
    </section>
  );
});

/** The figures that were measured, the change of the weights first. */
function namesIn(layers: Measured): string[] {
  const found = [...new Set(layers.flatMap(one => Object.keys(one.values)))].sort();
  return found.includes(FIRST) ? [FIRST, ...found.filter(name => name !== FIRST)] : found;
}

function saying(
  rows: readonly HeatRow[],
  healthy: Healthy,
  label: string,
  format: (value: number) => string,
  step: number,
): string {
  const now = rows.map(row => row.values.at(-1) ?? null);
  const outside = rows.filter((_, layer) => !isHealthy(now[layer], healthy)).map(row => row.label.slice(6));
  if (outside.length > 0) {
    const which = outside.length === 1 ? `Layer ${outside[0]} is` : `Layers ${inWords(outside)} are`;
    return `${which} outside of the healthy range at step ${count(step)}.`;
  }
  const known = now.filter((value): value is number => value !== null);
  if (known.length === 0) return `${label} has no number at step ${count(step)}.`;
  const [least, most] = [Math.min(...known), Math.max(...known)];
  const range = least === most ? format(least) : `from ${format(least)} to ${format(most)}`;
  const isBounded = healthy.from !== null || healthy.to !== null;
  return isBounded
    ? `Every layer is in the healthy range: ${range} at step ${count(step)}.`
    : `${label}: ${range} at step ${count(step)}.`;
}

/** A number stays on its line: the minus of its exponent is no place to break. */
function unbroken(text: string): string {
  return text.replaceAll('-', '\u2011').replaceAll(' ', '\u00a0');
}

function inWords(names: readonly string[]): string {
  if (names.length > 6) return `${names.slice(0, 5).join(', ')} and ${names.length - 5} more`;
  return `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}

function healthyWords(metric: Metric | undefined, format: (value: number) => string): string {
  if (!metric) return '';
  const { healthy_from: from, healthy_to: to } = metric;
  if (typeof from === 'number' && typeof to === 'number')
    return `, healthy from ${format(from)} to ${format(to)}; what lies outside is framed. Arrow keys move through the cells.`;
  return '. Arrow keys move through the cells.';
}
