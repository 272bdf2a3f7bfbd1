// The named settings of a recipe as a form: each with its words, its bounds and its default; a changed one is marked. It
// never fetches. In: settings and the texts typed so far. Out: texts; `changedSettings` makes `--set` lines of them.
import { useId } from 'react';
import type { SettingView } from '@/lib/api/schema';
import classes from './settings-form.module.css';

export type Typed = Record<string, string>;

interface Schema {
  type?: string;
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
  enum?: unknown[];
}

interface SettingsFormProps {
  settings: readonly SettingView[];
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
        const schema = setting.schema as Schema;
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
              {isChanged && <span className="faint">was {before || 'empty'}</span>}
            </label>
            <input
              id={`${id}-${setting.name}`}
              className="input num"
              inputMode={schema.type === 'integer' || schema.type === 'number' ? 'decimal' : 'text'}
              value={value}
              aria-describedby={`${id}-${setting.name}-help`}
              aria-invalid={Boolean(wrong)}
              onChange={event => onChange({ ...typed, [setting.name]: event.target.value })}
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

/** The lines that `--set` would take, for what was changed. */
export function changedSettings(settings: readonly SettingView[], typed: Typed): string[] {
  return settings.flatMap(setting => {
    const value = typed[setting.name];
    return value === undefined || value === asText(setting.default)
      ? []
      : [`${setting.name}=${value.trim()}`];
  });
}

/** Whether everything typed can be sent. */
export function isSound(settings: readonly SettingView[], typed: Typed): boolean {
  return settings.every(
    setting => !problemOf(typed[setting.name] ?? asText(setting.default), setting.schema as Schema),
  );
}

function problemOf(value: string, schema: Schema): string {
  if (schema.type !== 'integer' && schema.type !== 'number') return '';
  const number = Number(value.replace(/[, ]/g, ''));
  if (value.trim() === '' || Number.isNaN(number)) return 'A number is needed here.';
  if (schema.type === 'integer' && !Number.isInteger(number)) return 'A whole number is needed here.';
  if (schema.minimum !== undefined && number < schema.minimum) return `At least ${schema.minimum}.`;
  if (schema.exclusiveMinimum !== undefined && number <= schema.exclusiveMinimum)
    return `More than ${schema.exclusiveMinimum}.`;
  if (schema.maximum !== undefined && number > schema.maximum) return `At most ${schema.maximum}.`;
  return '';
}

function asText(value: unknown): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function words(name: string): string {
  const text = name.replaceAll('_', ' ');
  return text.charAt(0).toUpperCase() + text.slice(1);
}
