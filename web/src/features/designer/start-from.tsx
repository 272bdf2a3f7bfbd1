// What a design begins with: presets, published sizes, one's own, the models of runs; or a text that is pasted, or a time.
import { useId } from 'react';
import type { ArchitectureRow, PresetView } from '@/lib/api/schema';
import { short } from '@/lib/format';
import classes from './form.module.css';

export interface RunChoice {
  id: string;
  name: string;
}

interface StartFromProps {
  value: string;
  title: string;
  presets: readonly PresetView[];
  items: readonly ArchitectureRow[];
  runs: readonly RunChoice[];
  onStart: (ref: string) => void;
  onPaste: () => void;
  onPlan: () => void;
}

export function StartFrom(props: StartFromProps) {
  const id = useId();
  return (
    <div className={classes.start}>
      <label className="h-pane" htmlFor={id}>
        Start from
      </label>
      <select
        id={id}
        className="select"
        value={props.value}
        onChange={event => props.onStart(event.target.value)}
      >
        {props.value === '' && <option value="">{props.title}</option>}
        <Choices {...props} />
      </select>
      <div className={classes.startRow}>
        <button type="button" className="btn sm" onClick={props.onPaste}>
          Paste or drop a file
        </button>
        <button type="button" className="btn sm" onClick={props.onPlan}>
          I have 10 minutes
        </button>
      </div>
    </div>
  );
}

type ChoicesProps = Pick<StartFromProps, 'presets' | 'items' | 'runs'> & { value?: string };

/** The same list wherever an architecture is chosen. */
export function Choices({ presets, items, runs, value = '' }: ChoicesProps) {
  const own = items.map(one => ({
    ref: `item:${one.name}@${one.version}`,
    label: `${one.name} v${one.version}`,
  }));
  const models = runs.map(one => ({ ref: `run:${one.id}`, label: one.name }));
  const known = presets.map(one => ({
    ref: `preset:${one.id}`,
    label: `${one.title} · ${short(one.parameters)}`,
    isPublished: one.is_published,
  }));
  const groups: [string, { ref: string; label: string }[]][] = [
    ['Presets', known.filter(one => !one.isPublished)],
    ['Published sizes', known.filter(one => one.isPublished)],
    ['Your architectures', own],
    ['Models of runs', models],
  ];
  const isListed = value === '' || groups.some(([, rows]) => rows.some(one => one.ref === value));
  return (
    <>
      {!isListed && <option value={value}>{value.replace(/^\w+:/, '').replace('@', ' v')}</option>}
      {groups.map(
        ([name, rows]) =>
          rows.length > 0 && (
            <optgroup key={name} label={name}>
              {rows.map(one => (
                <option key={one.ref} value={one.ref}>
                  {one.label}
                </option>
              ))}
            </optgroup>
          ),
      )}
    </>
  );
}
