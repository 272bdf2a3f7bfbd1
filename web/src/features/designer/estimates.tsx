// What the design will cost: parameters by part, memory while training, work, time, cache; and where it fits. The last figures stay,
// greyed, while new ones are worked out.
import type { ReactNode } from 'react';
import type { ArchitectureEstimateView, ExplainView, TrainingEstimate } from '@/lib/api/schema';
import { bytes, count, decimals, duration, percent, short } from '@/lib/format';
import { Keyed, MEMORY, ShareBar } from '@/ui/shares';
import { COLORS, type Design, ROLE_WORDS, sharesOf } from '@/widgets/architecture/parts';
import classes from './estimates.module.css';
import { Fits } from './fits';
import type { DesignState } from './state';

interface EstimatesProps {
  design: Design;
  explained: ExplainView;
  estimated: ArchitectureEstimateView | undefined;
  /** Why there is no estimate. */
  problem: string | null;
  /** What it was begun with has that many. */
  before: { parameters: number; title: string } | null;
  state: DesignState;
  isStale: boolean;
  onChange: (fields: Partial<DesignState>) => void;
  onNearest: (changes: Record<string, unknown>) => void;
}

export function Estimates(props: EstimatesProps) {
  const { design, explained, estimated, before, state, isStale, onChange } = props;
  const shares = sharesOf(design).filter(one => one.parameters > 0);
  const total = explained.parameters ?? 0;
  const training = estimated?.training ?? null;
  const device = estimated?.devices[0];
  return (
    <aside
      className={`${classes.all} ${isStale ? classes.stale : ''}`}
      aria-label="What it costs"
      aria-busy={isStale}
    >
      <Estimate label="Parameters">
        <Big text={short(total)} isHuge />
        <p className="note">{sinceWords(total, before)}</p>
        <ShareBar
          parts={shares.map(one => ({
            key: one.role,
            share: one.parameters / Math.max(1, total),
            color: COLORS[one.role] ?? 8,
          }))}
        />
        <Keyed
          rows={shares.map(one => [
            ROLE_WORDS[one.role] ?? one.role,
            short(one.parameters),
            COLORS[one.role] ?? 8,
          ])}
        />
      </Estimate>
      <Estimate
        label={`Memory to train${estimated ? `, ${estimated.dtype}` : ''}, batch ${count(state.batch)}`}
      >
        {training ? (
          <>
            <Big
              text={bytes(training.memory_bytes.total)}
              unit={device?.memory_bytes ? `of ${bytes(device.memory_bytes)}` : ''}
            />
            <ShareBar
              ceiling={device?.memory_bytes ? training.memory_bytes.total > device.memory_bytes : undefined}
              parts={MEMORY.map(([key, color]) => ({
                key,
                share:
                  training.memory_bytes[key] /
                  Math.max(device?.memory_bytes ?? 0, training.memory_bytes.total),
                color,
              }))}
            />
            <Keyed rows={MEMORY.map(([key, color]) => [key, bytes(training.memory_bytes[key]), color])} />
          </>
        ) : (
          <p className="note">{props.problem ?? 'Working it out.'}</p>
        )}
        <div className={classes.asked}>
          <Ask label="Batch" value={state.batch} onChange={batch => onChange({ batch })} />
          <Ask label="Steps" value={state.steps} onChange={steps => onChange({ steps })} />
        </div>
      </Estimate>
      {estimated && <Fits devices={estimated.devices} onNearest={props.onNearest} />}
      <Estimate label="Work per token">
        <Big
          text={short((explained.training_flops_per_token ?? 0) || 3 * (explained.flops_per_token ?? 0))}
          unit="FLOP"
        />
        <p className="note">
          forward and back, at a full context of {count(design.context)}
          {training && `; ${short(training.training_flops)} FLOP for ${short(training.num_tokens)} tokens`}
        </p>
      </Estimate>
      <Estimate label="Time here">
        <Big
          text={training?.time_s ? `about ${duration(training.time_s)}` : 'not known yet'}
          isWord={!training?.time_s}
        />
        <p className="note">{timeWords(training)}</p>
      </Estimate>
      <Estimate label="Cache while it writes">
        <Big text={bytes(explained.cache_bytes_per_token ?? 0)} unit="a token" />
        <p className="note">
          {bytes((explained.cache_bytes_per_token ?? 0) * design.context)} for a full context, bf16
        </p>
      </Estimate>
      <Estimate label="Loss at the first step">
        <Big text={decimals(Math.log(design.vocabSize))} unit="nats/token" />
        <p className="note">
          ln {count(design.vocabSize)}: every token equally likely.
          {explained.is_vocab_assumed && ' The vocabulary is assumed.'}
        </p>
      </Estimate>
    </aside>
  );
}

function sinceWords(total: number, before: EstimatesProps['before']): string {
  if (!before) return '';
  const by = total - before.parameters;
  if (Math.abs(by) < 1) return `as in ${before.title}`;
  return `${short(Math.abs(by))} ${by < 0 ? 'fewer' : 'more'} than ${before.title}, ${by < 0 ? '−' : '+'}${percent(Math.abs(by) / before.parameters)}`;
}

function timeWords(training: TrainingEstimate | null): string {
  if (!training) return '';
  const least = training.least_time_s
    ? `At least ${duration(training.least_time_s)} by what this machine measured.`
    : '';
  if (training.time_s === null) return `${least} A first run here tells the rest.`.trim();
  const runs = `${training.based_on_runs} ${training.based_on_runs === 1 ? 'run' : 'runs'} here`;
  const error = training.time_error ? `, which it missed by ${percent(training.time_error, 0)}` : '';
  return `For ${short(training.num_tokens)} tokens, from ${runs}${error}.`;
}

function Estimate({ label, children }: { label: string; children: ReactNode }) {
  return (
    <section className={classes.one}>
      <h3 className="label">{label}</h3>
      {children}
    </section>
  );
}

/** A figure with its unit smaller. */
function Big({
  text,
  unit = '',
  isHuge = false,
  isWord = false,
}: {
  text: string;
  unit?: string;
  isHuge?: boolean;
  isWord?: boolean;
}) {
  const [, figure = text, own = ''] = /^(.*\d)\s(\D+)$/.exec(text) ?? [];
  if (isWord) return <p className="muted">{text}</p>;
  return (
    <p className={`num ${isHuge ? classes.huge : classes.big}`}>
      {figure}
      {(own || unit) && <span className="unit">{`${own} ${unit}`.trim()}</span>}
    </p>
  );
}

function Ask({
  label,
  value,
  onChange,
}: {
  label: string;
  value: number;
  onChange: (value: number) => void;
}) {
  return (
    <label className={classes.ask}>
      <span className="note">{label}</span>
      <input
        className="input num"
        inputMode="numeric"
        value={value}
        onChange={event => {
          const number = Math.floor(Number(event.target.value.replace(/[, _]/g, '')));
          if (Number.isFinite(number) && number > 0) onChange(number);
        }}
      />
    </label>
  );
}
