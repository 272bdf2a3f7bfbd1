// Settings as a form, a recipe's named ones or all of a stage's: each with its words, its bounds and what stood there; a
// changed one is marked. It never fetches. In: settings and the texts typed so far. Out: texts; `changedSettings` makes
// `--set` lines of them.
import { useId } from 'react';
import type { Field, FieldSchema } from '@/lib/schema-fields';
import classes from './settings-form.module.css';

export type Typed = Record<string, string>;

interface SettingsFormProps {
  settings: readonly Field[];
  typed: Typed;
  onChange: (typed: Typed) => void;
  /** A field's name and what is wrong with it, as the server said. */
  problem?: { where: string; message: string } | null;
}

export function SettingsForm({ settings, typed, onChange, problem }: SettingsFormProps) {
  const id = useId();
  return (
    <div className={classes.form}>
      {settings.map(setting => {
        const { schema } = setting;
        const before = asText(setting.default);
        const value = typed[setting.name] ?? before;
        const isChanged = value !== before;
        const wrong =
          problemOf(value, schema) || (problem?.where.includes(setting.name) ? problem.message : '');
        return (
          <div
            key={setting.name}
            className={`field ${isChanged ? 'is-changed' : ''} ${wrong ? 'is-bad' : ''}`}
          >
            <label className="label" htmlFor={`${id}-${setting.name}`}>
              <span>{words(setting.name)}</span>
              {isChanged && (
                <button
                  type="button"
                  className="link faint"
                  onClick={() => onChange(without(typed, setting.name))}
                >
                  was {before || 'empty'}
                  <span className="sr">, set back</span>
                </button>
              )}
            </label>
            <Control
              id={`${id}-${setting.name}`}
              schema={schema}
              value={value}
              isBad={Boolean(wrong)}
              onChange={text => onChange({ ...typed, [setting.name]: text })}
            />
            <p className="help" id={`${id}-${setting.name}-help`}>
              {wrong || setting.description}
            </p>
          </div>
        );
      })}
    </div>
  );
}

interface ControlProps {
  id: string;
  schema: FieldSchema;
  value: string;
  isBad: boolean;
  onChange: (text: string) => void;
}

function Control({ id, schema, value, isBad, onChange }: ControlProps) {
  const common = { id, value, 'aria-describedby': `${id}-help`, 'aria-invalid': isBad };
  if (schema.enum) {
    return (
      <select {...common} className="select num" onChange={event => onChange(event.target.value)}>
        {schema.enum.map(choice => (
          <option key={asText(choice)} value={asText(choice)}>
            {asText(choice)}
          </option>
        ))}
      </select>
    );
  }
  const isNumber = schema.type === 'integer' || schema.type === 'number';
  return (
    <input
      {...common}
      className="input num"
      inputMode={isNumber ? 'decimal' : 'text'}
      onChange={event => onChange(event.target.value)}
    />
  );
}

function without(typed: Typed, name: string): Typed {
  const { [name]: _, ...others } = typed;
  return others;
}

/** The lines that `--set` would take, for what was changed. */
export function changedSettings(settings: readonly Field[], typed: Typed): string[] {
  return settings.flatMap(setting => {
    const value = typed[setting.name];
    return value === undefined || value === asText(setting.default)
      ? []
      : [`${setting.name}=${value.trim()}`];
  });
}

/** Whether everything typed can be sent. */
export function isSound(settings: readonly Field[], typed: Typed): boolean {
  return settings.every(
    setting => !problemOf(typed[setting.name] ?? asText(setting.default), setting.schema),
  );
}

function problemOf(value: string, schema: FieldSchema): string {
  if (schema.type !== 'integer' && schema.type !== 'number') return '';
  const number = Number(value.replace(/[, ]/g, ''));
  if (value.trim() === '' || Number.isNaN(number)) return 'A number is needed here.';
  if (schema.type === 'integer' && !Number.isInteger(number)) return 'A whole number is needed here.';
  if (schema.minimum !== undefined && number < schema.minimum) return `At least ${schema.minimum}.`;
  if (schema.exclusiveMinimum !== undefined && number <= schema.exclusiveMinimum)
    return `More than ${schema.exclusiveMinimum}.`;
  if (schema.maximum !== undefined && number > schema.maximum) return `At most ${schema.maximum}.`;
  if (schema.exclusiveMaximum !== undefined && number >= schema.exclusiveMaximum)
    return `Less than ${schema.exclusiveMaximum}.`;
  return '';
}

function asText(value: unknown): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** A setting's name as people read it; of `train.optimizer.learning_rate` the node is left out, it stands above. */
export function words(name: string): string {
  const parts = name.split('.');
  const text = (parts.length > 1 ? parts.slice(1) : parts).join(', ').replaceAll('_', ' ');
  const known = text.replace('vocab size', 'vocabulary');
  return known.charAt(0).toUpperCase() + known.slice(1);
}
