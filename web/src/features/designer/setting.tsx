// One setting of the form: its words, a slider or a choice, what it was, what is wrong with it and what to do instead.
import { type CSSProperties, useId } from 'react';
import { count } from '@/lib/format';
import type { Field } from '@/lib/schema-fields';
import { kindWords } from '@/widgets/architecture/parts';
import { useSound } from './calls';
import { asText, type Document } from './document';
import classes from './form.module.css';
import { candidates, type Problem } from './groups';
import { labelOf } from './labels';
import { stopsOf } from './stops';

interface SettingProps {
  field: Field;
  /** What was typed, if anything. */
  typed: string | undefined;
  problem: Problem | undefined;
  document: Document;
  vocab: number;
  onChange: (text: string | undefined) => void;
}

export function Setting({ field, typed, problem, document, vocab, onChange }: SettingProps) {
  const id = useId();
  const before = asText(field.default);
  const value = typed ?? before;
  const isChanged = value.trim() !== before;
  const isKind = field.name.endsWith('.kind');
  const label = labelOf(field.name);
  const isSwitch = field.schema.type === 'boolean';
  return (
    <div className={`field ${isChanged ? 'is-changed' : ''} ${problem ? 'is-bad' : ''}`}>
      <div className={isKind && !isChanged ? 'sr' : classes.line}>
        <label className={isKind ? 'label sr' : 'label'} htmlFor={id}>
          <span>{isKind ? `Kind of ${label.toLowerCase()}` : label}</span>
        </label>
        {isChanged && (
          <button type="button" className="link faint note" onClick={() => onChange(undefined)}>
            was {before ? shown(field, before) : 'empty'}
            <span className="sr">, set {label.toLowerCase()} back</span>
          </button>
        )}
        {isSwitch ? (
          <input
            id={id}
            type="checkbox"
            className="switch"
            checked={value === 'true'}
            aria-describedby={`${id}-help`}
            onChange={event => onChange(String(event.target.checked))}
          />
        ) : (
          !field.schema.enum && (
            <input
              id={id}
              className={`input num ${classes.figure}`}
              inputMode="decimal"
              value={value}
              placeholder="auto"
              aria-describedby={`${id}-help`}
              aria-invalid={problem !== undefined}
              onChange={event => onChange(event.target.value)}
            />
          )
        )}
      </div>
      {field.schema.enum && !isSwitch && <Choice id={id} field={field} value={value} onChange={onChange} />}
      {!field.schema.enum && <Slider label={label} field={field} value={value} onChange={onChange} />}
      <p className="help" id={`${id}-help`}>
        {problem ? `${problem.message} ${problem.hint}` : isKind ? '' : field.description}
      </p>
      {problem && (
        <Fixes
          problem={problem}
          field={field}
          value={value}
          document={document}
          vocab={vocab}
          onChange={onChange}
        />
      )}
    </div>
  );
}

function shown(field: Field, text: string): string {
  if (field.name.endsWith('.kind')) return kindWords(text);
  return /^\d{4,}$/.test(text) ? count(Number(text)) : text;
}

interface ChoiceProps {
  id: string;
  field: Field;
  value: string;
  onChange: (text: string | undefined) => void;
}

/** Few short names lie side by side; more are a list. */
function Choice({ id, field, value, onChange }: ChoiceProps) {
  const choices = (field.schema.enum ?? []).map(String);
  const isShort = choices.length <= 4 && choices.join('').length <= 28;
  if (!isShort)
    return (
      <select id={id} className="select" value={value} onChange={event => onChange(event.target.value)}>
        {choices.map(choice => (
          <option key={choice} value={choice}>
            {kindWords(choice)}
          </option>
        ))}
      </select>
    );
  return (
    <fieldset className={`segmented ${classes.choice}`} aria-label={field.description}>
      {choices.map((choice, index) => (
        <button
          key={choice}
          id={index === 0 ? id : undefined}
          type="button"
          aria-pressed={choice === value}
          onClick={() => onChange(choice)}
        >
          {kindWords(choice)}
        </button>
      ))}
    </fieldset>
  );
}

function Slider({
  label,
  field,
  value,
  onChange,
}: {
  label: string;
  field: Field;
  value: string;
  onChange: (text: string) => void;
}) {
  const number = Number(value.replace(/[, _]/g, ''));
  const stops = stopsOf(field, value.trim() !== '' && Number.isInteger(number) && number > 0 ? number : null);
  if (stops.length < 2) return null;
  const at = stops.indexOf(number);
  return (
    <input
      type="range"
      className="slider"
      aria-label={`${label}, slider`}
      aria-valuetext={count(number)}
      min={0}
      max={stops.length - 1}
      step={1}
      value={at}
      style={{ '--fill': `${(100 * at) / (stops.length - 1)}%` } as CSSProperties}
      onChange={event => onChange(String(stops[Number(event.target.value)]))}
    />
  );
}

interface FixesProps extends Omit<SettingProps, 'typed' | 'problem'> {
  problem: Problem;
  value: string;
}

const MOST = 3;

/** Values that work, tried before they are offered. */
function Fixes({ problem, field, value, document, vocab, onChange }: FixesProps) {
  const number = Number(value.replace(/[, _]/g, ''));
  const tried =
    Number.isInteger(number) && value.trim() !== '' ? candidates(problem, field, number, document) : [];
  const far = (one: number) => Math.abs(Math.log(one / number));
  const sound = useSound(tried, vocab)
    .sort((a, b) => far(a) - far(b))
    .slice(0, MOST)
    .sort((a, b) => a - b);
  if (sound.length === 0) return null;
  return (
    <div className={`row wrap ${classes.fixes}`}>
      {sound.map(one => (
        <button key={one} type="button" className="btn sm" onClick={() => onChange(String(one))}>
          Use {count(one)}
        </button>
      ))}
    </div>
  );
}
