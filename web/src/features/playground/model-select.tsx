// Which model writes: versions with a name, checkpoints of runs, and the newest one of what is still training.
import { useId } from 'react';
import type { ModelView } from '@/lib/api/schema';
import { count, decimals } from '@/lib/format';
import { KindShape } from '@/ui/kind-shape';
import classes from './playground.module.css';

interface ModelSelectProps {
  models: readonly ModelView[];
  value: string;
  onChange: (ref: string) => void;
  label: string;
  none?: string;
}

export function ModelSelect({ models, value, onChange, label, none }: ModelSelectProps) {
  const id = useId();
  const live = models.filter(model => model.is_live);
  const versions = models.filter(model => !model.is_live && model.kind === 'version');
  const checkpoints = models.filter(model => !model.is_live && model.kind === 'checkpoint');
  const chosen = models.find(model => model.ref === value);
  const isUnlisted = value !== '' && !chosen;
  const group = (name: string, items: readonly ModelView[]) =>
    items.length > 0 && (
      <optgroup label={name}>
        {items.map(model => (
          <option key={model.ref} value={model.ref}>
            {words(model)}
          </option>
        ))}
      </optgroup>
    );
  return (
    <div className={classes.model}>
      <KindShape kind="model" />
      <label className="sr" htmlFor={id}>
        {label}
      </label>
      <select id={id} className="select num" value={value} onChange={event => onChange(event.target.value)}>
        {none !== undefined && <option value="">{none}</option>}
        {isUnlisted && <option value={value}>{value}</option>}
        {group('still training', live)}
        {group('models', versions)}
        {group('checkpoints', checkpoints)}
      </select>
      {chosen?.is_live && (
        <span className="badge running">
          <i aria-hidden="true" />
          live, still training
        </span>
      )}
    </div>
  );
}

function words(model: ModelView): string {
  const measured = model.bits_per_byte === null ? '' : ` · ${decimals(model.bits_per_byte)} bits/byte`;
  const step =
    model.step === null || model.label.includes(String(model.step)) ? '' : `, step ${count(model.step)}`;
  return `${model.is_live ? `newest of ${model.label}` : model.label}${step}${measured}`;
}
