// What a sweep varies: a line for each setting, how variants are chosen, and, before anything starts, what it will cost.
import { useQuery } from '@tanstack/react-query';
import { useEffect, useId, useState } from 'react';
import { api, data } from '@/lib/api/client';
import type { SweepSpecInput } from '@/lib/api/schema';
import { count, duration } from '@/lib/format';
import { readAxis } from '@/lib/sweep';
import classes from './runs.module.css';

export interface SweepTyped {
  rows: { field: string; text: string }[];
  way: 'all' | 'draw' | 'halving';
  num: string;
}

export const FIRST_SWEEP: SweepTyped = {
  rows: [{ field: 'train.optimizer.learning_rate', text: '' }],
  way: 'all',
  num: '9',
};
const WAYS: [SweepTyped['way'], string][] = [
  ['all', 'Every combination'],
  ['draw', 'Some, drawn'],
  ['halving', 'Drawn, and halved'],
];

/** What was typed as an order says it; null while no setting has values. */
export function sweepOf(typed: SweepTyped): SweepSpecInput | null {
  const over = typed.rows.flatMap(row => readAxis(row.field, row.text) ?? []);
  if (over.length === 0) return null;
  const num = typed.way === 'all' ? null : Math.max(1, Math.round(Number(typed.num)) || 1);
  return {
    over,
    num,
    seed: 1337,
    metric: 'bits_per_byte',
    halving: typed.way === 'halving' ? { eta: 3, num_rungs: null } : null,
  };
}

interface SweepFormProps {
  typed: SweepTyped;
  onChange: (typed: SweepTyped) => void;
  recipe: string;
  settings: string[];
  /** Named settings of the recipe, offered beside any `node.field`. */
  names: string[];
}

export function SweepForm({ typed, onChange, recipe, settings, names }: SweepFormProps) {
  const id = useId();
  const setRow = (index: number, fields: Partial<{ field: string; text: string }>) =>
    onChange({ ...typed, rows: typed.rows.map((row, at) => (at === index ? { ...row, ...fields } : row)) });
  return (
    <fieldset className={classes.sweep}>
      <legend className="label">What is varied</legend>
      {typed.rows.map((row, index) => (
        <div key={index} className={classes.axis}>
          <input
            className="input num"
            aria-label={`Setting ${index + 1}`}
            list={`${id}-fields`}
            placeholder="node.field"
            value={row.field}
            onChange={event => setRow(index, { field: event.target.value })}
          />
          <input
            className="input num"
            aria-label={`Values of setting ${index + 1}`}
            placeholder="0.01, 0.02 or 1e-3..1e-1:log"
            value={row.text}
            onChange={event => setRow(index, { text: event.target.value })}
          />
          <button
            type="button"
            className="btn quiet sm"
            aria-label={`Take setting ${index + 1} away`}
            disabled={typed.rows.length === 1}
            onClick={() => onChange({ ...typed, rows: typed.rows.filter((_, at) => at !== index) })}
          >
            Remove
          </button>
        </div>
      ))}
      <datalist id={`${id}-fields`}>
        {[...names, 'train.seed', 'train.optimizer.learning_rate', 'train.batch_size'].map(name => (
          <option key={name} value={name} />
        ))}
      </datalist>
      <div className={classes.ways}>
        <button
          type="button"
          className="btn sm"
          onClick={() => onChange({ ...typed, rows: [...typed.rows, { field: 'train.seed', text: '' }] })}
        >
          Vary another
        </button>
        <fieldset className="segmented" aria-label="Which variants are run">
          {WAYS.map(([way, label]) => (
            <button
              key={way}
              type="button"
              aria-pressed={typed.way === way}
              onClick={() => onChange({ ...typed, way })}
            >
              {label}
            </button>
          ))}
        </fieldset>
        {typed.way !== 'all' && (
          <label className={classes.num}>
            <span className="note">how many</span>
            <input
              className="input num"
              inputMode="numeric"
              value={typed.num}
              onChange={event => onChange({ ...typed, num: event.target.value })}
            />
          </label>
        )}
      </div>
      <Cost recipe={recipe} settings={settings} sweep={sweepOf(typed)} />
    </fieldset>
  );
}

/** Runs times time, from what earlier runs on this machine reached. */
function Cost({
  recipe,
  settings,
  sweep,
}: {
  recipe: string;
  settings: string[];
  sweep: SweepSpecInput | null;
}) {
  const key = JSON.stringify([settings, sweep]);
  const [asked, setAsked] = useState(key);
  useEffect(() => {
    const timer = setTimeout(() => setAsked(key), 500);
    return () => clearTimeout(timer);
  }, [key]);
  const found = useQuery({
    queryKey: ['sweep-plan', recipe, asked],
    queryFn: () => data(api.POST('/api/sweeps/plan', { body: { recipe, document: null, settings, sweep } })),
    enabled: sweep !== null && asked === key,
    placeholderData: before => before,
    retry: false,
  });
  if (sweep === null)
    return (
      <p className="note">
        A list of values, or a range. Seeds (train.seed) are repeats: they show what is chance.
      </p>
    );
  if (found.error) return <p className="note">{found.error.message}</p>;
  if (!found.data) return <p className="note">Working out what it needs.</p>;
  const { num_variants, num_trainings, steps, time_s, rungs } = found.data;
  const time = time_s === null ? 'time not known yet' : `about ${duration(time_s)} in all`;
  return (
    <p className="note" aria-live="polite">
      <b>{count(num_variants)} variants</b>, {count(num_trainings)} trainings, {count(steps)} steps in all,{' '}
      {time}.
      {rungs.length > 1 &&
        ` ${rungs.map(rung => `${rung.num_variants} to step ${count(rung.steps ?? 0)}`).join(', then ')}.`}
    </p>
  );
}
