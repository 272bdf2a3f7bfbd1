// "I have 10 minutes": a time, or one dial, instead of sizes; the rules choose the model and its training, and say why.
import { Modal } from '@mantine/core';
import { useState } from 'react';
import type { ProblemError } from '@/lib/api/client';
import type { PlanView } from '@/lib/api/schema';
import { count, duration, short } from '@/lib/format';
import { Failed } from '@/ui/failed';
import { Loading } from '@/ui/loading';
import { usePlan, useSettled } from './calls';
import classes from './dialogs.module.css';

interface PlanProps {
  isOpen: boolean;
  vocab: number;
  onClose: () => void;
  onTake: (plan: PlanView) => void;
}

type By = 'minutes' | 'depth';
const MINUTES = [1, 2, 5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 240, 360, 480, 720, 1440];
const MAX_DEPTH = 48;

export function PlanDialog({ isOpen, onClose, ...rest }: PlanProps) {
  return (
    <Modal opened={isOpen} onClose={onClose} title="A time instead of a size" size="lg" centered>
      {isOpen && <Plan onClose={onClose} {...rest} />}
    </Modal>
  );
}

function Plan({ vocab, onClose, onTake }: Omit<PlanProps, 'isOpen'>) {
  const [by, setBy] = useState<By>('minutes');
  const [minutes, setMinutes] = useState(10);
  const [depth, setDepth] = useState(6);
  const [tokens, setTokens] = useState('');
  const available = Math.floor(Number(tokens.replace(/[, _]/g, '')));
  const wished = {
    ...(by === 'minutes' ? { minutes } : { depth }),
    vocab_size: vocab,
    tokens_available: available > 0 ? available : null,
  };
  const asked = useSettled(wished);
  const plan = usePlan(asked);
  const isStale = plan.isPlaceholderData || JSON.stringify(asked) !== JSON.stringify(wished);
  return (
    <div className="stack">
      <fieldset className="segmented" aria-label="Choose by">
        <button type="button" aria-pressed={by === 'minutes'} onClick={() => setBy('minutes')}>
          Time
        </button>
        <button type="button" aria-pressed={by === 'depth'} onClick={() => setBy('depth')}>
          Depth
        </button>
      </fieldset>
      {by === 'minutes' ? (
        <Rail
          label="I have"
          says={duration(minutes * 60)}
          at={Math.max(0, MINUTES.indexOf(minutes))}
          last={MINUTES.length - 1}
          onChange={at => setMinutes(MINUTES[at] ?? minutes)}
        />
      ) : (
        <Rail
          label="Blocks"
          says={count(depth)}
          at={depth - 1}
          last={MAX_DEPTH - 1}
          onChange={at => setDepth(at + 1)}
        />
      )}
      <label className="field">
        <span className="label">Tokens of text that you have</span>
        <input
          className="input num"
          inputMode="numeric"
          placeholder="not known"
          value={tokens}
          onChange={event => setTokens(event.target.value)}
        />
        <span className="help">Left empty, the text is taken to be long enough.</span>
      </label>
      {plan.error ? (
        <Failed
          title={plan.error.message}
          detail={(plan.error as ProblemError).detail}
          retry={() => plan.refetch()}
        />
      ) : plan.data ? (
        <Chosen plan={plan.data} isStale={isStale} />
      ) : (
        <Loading label="Choosing a model" heights={[40, 120]} />
      )}
      <div className="row between dialog-foot">
        <button type="button" className="btn quiet" onClick={onClose}>
          Not now
        </button>
        <button
          type="button"
          className="btn primary"
          disabled={!plan.data || isStale}
          onClick={() => {
            if (plan.data) onTake(plan.data);
            onClose();
          }}
        >
          Design with this
        </button>
      </div>
    </div>
  );
}

interface RailProps {
  label: string;
  says: string;
  at: number;
  last: number;
  onChange: (at: number) => void;
}

function Rail({ label, says, at, last, onChange }: RailProps) {
  return (
    <label className="field">
      <span className="label">
        <span>{label}</span>
        <output className={`num ${classes.says}`}>{says}</output>
      </span>
      <input
        type="range"
        className="slider"
        data-autofocus
        aria-label={label}
        aria-valuetext={says}
        min={0}
        max={last}
        value={at}
        style={{ '--fill': `${(100 * at) / last}%` } as React.CSSProperties}
        onChange={event => onChange(Number(event.target.value))}
      />
    </label>
  );
}

function Chosen({ plan, isStale }: { plan: PlanView; isStale: boolean }) {
  const { document } = plan;
  const figures: [string, string][] = [
    ['blocks', count(Number(document.layers))],
    ['width', count(Number(document.width))],
    ['parameters', short(plan.parameters)],
    ['tokens read', short(plan.tokens)],
    ['steps', count(Number(plan.training.steps ?? 0))],
    ['time', plan.time_s === null ? 'not known' : duration(plan.time_s)],
  ];
  return (
    <div className={isStale ? classes.stale : undefined} aria-live="polite" aria-busy={isStale}>
      <dl className={classes.figures}>
        {figures.map(([label, value]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <div className={classes.rule}>
        {plan.rule.map(sentence => (
          <p key={sentence}>{sentence}</p>
        ))}
      </div>
      <details>
        <summary className="note">The rules</summary>
        <dl className={classes.rules}>
          {plan.rules.map(rule => (
            <div key={rule.name}>
              <dt>{rule.sentence}</dt>
              <dd className="note">{rule.source}</dd>
            </div>
          ))}
        </dl>
      </details>
    </div>
  );
}
