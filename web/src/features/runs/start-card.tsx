// The start card: what a run will take and what to expect of it, told before it starts; what does not fit, with the nearest
// settings that do. Times come only from earlier runs on this machine.
import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { api, data } from '@/lib/api/client';
import type { NodeEstimate } from '@/lib/api/schema';
import { bytes, count, decimals, duration, percent, short } from '@/lib/format';
import { Keyed, MEMORY, ShareBar } from '@/ui/shares';
import classes from './start-card.module.css';

interface StartCardProps {
  recipe: string;
  /** Changed settings as `--set` lines. */
  settings: string[];
  /** Settings that were taken so that it fits, as `--set` lines; among `settings` too. */
  fitted: string[];
  onFit: (fitted: string[]) => void;
}

/** As the client has it: a pair of numbers arrives as a list of them. */
type Estimated = Omit<NodeEstimate, 'predicted_final_loss_range'> & {
  predicted_final_loss_range: number[] | null;
};
type Figure = [label: string, value: string, note: string];

export function StartCard({ recipe, settings, fitted, onFit }: StartCardProps) {
  const asked = useSettled(settings);
  const estimate = useQuery({
    queryKey: ['estimate', recipe, asked],
    queryFn: () =>
      data(
        api.POST('/api/recipes/{name}/estimate', {
          params: { path: { name: recipe } },
          body: { settings: asked },
        }),
      ),
    placeholderData: before => before,
    retry: false,
  });
  if (estimate.error) return <p className="note">{estimate.error.message}</p>;
  const nodes = Object.entries(estimate.data?.nodes ?? {});
  if (nodes.length === 0) {
    return (
      <p className="well note">
        {estimate.isPending
          ? 'Working out what it needs.'
          : 'Nothing in it has a size that can be told before.'}
      </p>
    );
  }
  return nodes.map(([name, node]) => (
    <section
      key={name}
      className={`well ${classes.card} ${estimate.isPlaceholderData ? classes.stale : ''}`}
      aria-label={nodes.length > 1 ? `Before it starts: ${name}` : 'Before it starts'}
      aria-busy={estimate.isPlaceholderData}
    >
      <h3 className="label">{nodes.length > 1 ? `Before it starts: ${name}` : 'Before it starts'}</h3>
      <dl className={classes.figures} aria-live="polite">
        {figuresOf(node).map(([label, value, note]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{value}</dd>
            {note && <dd className="note">{note}</dd>}
          </div>
        ))}
      </dl>
      <Memory node={node} />
      <Shortages node={node} onFit={found => onFit(merged(fitted, name, found))} />
      {fitted.length > 0 && (
        <p className="note">
          Changed so that it fits: {fitted.map(line => fieldWords(line.replace('=', ' '))).join(', ')}.{' '}
          <button type="button" className="link" onClick={() => onFit([])}>
            Undo
          </button>
        </p>
      )}
    </section>
  ));
}

/** The settings once nobody has changed them for a moment. */
function useSettled(settings: string[]): string[] {
  const [settled, setSettled] = useState(settings);
  const key = settings.join(' ');
  // biome-ignore lint/correctness/useExhaustiveDependencies: the joined text stands for the list
  useEffect(() => {
    const timer = setTimeout(() => setSettled(settings), 400);
    return () => clearTimeout(timer);
  }, [key]);
  return settled;
}

function figuresOf(node: Estimated): Figure[] {
  const figures: Figure[] = [['parameters', short(node.parameters), '']];
  if (node.steps === null) return figures;
  figures.push(
    ['time', node.time_s === null ? 'not known yet' : `about ${duration(node.time_s)}`, timeNote(node)],
    ['tokens', node.num_tokens === null ? '–' : short(node.num_tokens), tokensNote(node)],
  );
  if (node.training_flops !== null) {
    figures.push([
      'work',
      `${short(node.training_flops)} FLOP`,
      `${short(node.flops_per_token)} a token, forward`,
    ]);
  }
  if (node.disk_bytes) {
    const kept = node.num_checkpoints ?? 0;
    figures.push([
      'disk',
      bytes(node.disk_bytes.total),
      `${count(kept)} ${kept === 1 ? 'checkpoint' : 'checkpoints'} kept`,
    ]);
  }
  figures.push([
    'first loss',
    node.first_loss === null ? '–' : decimals(node.first_loss),
    node.first_loss_reason,
  ]);
  const range = node.predicted_final_loss_range;
  figures.push([
    'final loss',
    node.predicted_final_loss === null ? 'not known yet' : `about ${decimals(node.predicted_final_loss)}`,
    range
      ? `between ${range.map(value => decimals(value)).join(' and ')}`
      : node.predicted_final_loss_reason.replace('Not known yet: ', ''),
  ]);
  return figures;
}

function timeNote(node: Estimated): string {
  if (node.time_s === null)
    return node.least_time_s === null
      ? 'a first run here tells it'
      : `at least ${duration(node.least_time_s)}; a first run here tells the rest`;
  const runs = `from ${count(node.based_on_runs)} ${node.based_on_runs === 1 ? 'run' : 'runs'} here`;
  return node.time_error ? `${runs}, which it missed by ${percent(node.time_error, 0)}` : runs;
}

function tokensNote(node: Estimated): string {
  const steps = `${count(node.steps ?? 0)} steps`;
  return node.epochs ? `${steps}, the text ${decimals(node.epochs, 1)} times` : steps;
}

function Memory({ node }: { node: Estimated }) {
  const memory = node.memory_bytes;
  if (!memory) return null;
  const program = node.program_bytes ?? 0;
  const whole = memory.total + program;
  const parts = MEMORY.map(([key, color]) => [key, memory[key], color] as const);
  return (
    <div className={classes.memory}>
      <p className="note">
        memory at its fullest <b className="num">{bytes(whole)}</b>
      </p>
      <ShareBar
        parts={[...parts, ['program', program, 2] as const].map(([key, size, color]) => ({
          key,
          share: size / Math.max(1, whole),
          color,
        }))}
      />
      <Keyed
        rows={[
          ...parts.map(([key, size, color]): [string, string, number] => [key, bytes(size), color]),
          ['the program itself', bytes(program), 2],
        ]}
      />
    </div>
  );
}

function Shortages({ node, onFit }: { node: Estimated; onFit: (nearest: Record<string, unknown>) => void }) {
  return node.shortages.map(shortage => {
    const nearest = Object.entries(shortage.nearest);
    return (
      <div key={shortage.what} className={`finding warn ${classes.shortage}`} role="status">
        <h4 className="h-pane">{shortage.message}</h4>
        {nearest.length === 0 && <p className="muted">{shortage.hint}</p>}
        {nearest.length > 0 && (
          <button type="button" className="btn sm" onClick={() => onFit(shortage.nearest)}>
            Use {nearest.map(([field, value]) => fieldWords(`${field} ${value}`)).join(' and ')}
          </button>
        )}
      </div>
    );
  });
}

/** Settings of a node added to those that were taken before; the newer one stands. */
function merged(fitted: string[], node: string, nearest: Record<string, unknown>): string[] {
  const added = Object.entries(nearest).map(([field, value]) => [`${node}.${field}`, value] as const);
  const kept = fitted.filter(line => !added.some(([field]) => line.startsWith(`${field}=`)));
  return [...kept, ...added.map(([field, value]) => `${field}=${JSON.stringify(value)}`)];
}

/** `train.architecture.layers 1` -> `layers 1`. */
function fieldWords(text: string): string {
  return text.replace(/^(\w+\.)+/, '').replaceAll('_', ' ');
}
