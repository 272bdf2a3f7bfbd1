// Choosing a tokenizer, and a dataset to count in.
import { useId } from 'react';
import type { ItemView, TokenizerAbout, TokenizerRow } from '@/lib/api/schema';
import { count } from '@/lib/format';
import { NOWHERE } from './counting';
import classes from './page.module.css';

const GROUPS: [TokenizerRow['kind'], string][] = [
  ['item', 'own'],
  ['model', 'of models'],
  ['known', 'known'],
];

interface TokenizerPickProps {
  items: readonly TokenizerRow[];
  value: string;
  onChange: (ref: string) => void;
  label: string;
  none?: string;
  /** Not offered again. */
  taken?: readonly string[];
}

export function TokenizerPick({ items, value, onChange, label, none, taken = [] }: TokenizerPickProps) {
  const id = useId();
  const offered = items.filter(one => one.ref === value || !taken.includes(one.ref));
  const isUnlisted = value !== '' && !items.some(one => one.ref === value);
  return (
    <span className={classes.pick}>
      <label className="sr" htmlFor={id}>
        {label}
      </label>
      <select id={id} className="select num" value={value} onChange={event => onChange(event.target.value)}>
        {none !== undefined && <option value="">{none}</option>}
        {isUnlisted && <option value={value}>{unlisted(value)}</option>}
        {GROUPS.map(([kind, name]) => {
          const rows = offered.filter(one => one.kind === kind);
          return (
            rows.length > 0 && (
              <optgroup key={kind} label={name}>
                {rows.map(one => (
                  <option key={one.ref} value={one.ref}>
                    {one.label}
                    {one.vocab_size ? ` · ${count(one.vocab_size)} ids` : ''}
                  </option>
                ))}
              </optgroup>
            )
          );
        })}
      </select>
    </span>
  );
}

interface DatasetPickProps {
  datasets: readonly ItemView[];
  about: TokenizerAbout;
  value: string;
  onChange: (ref: string) => void;
}

/** The empty choice is what the tokenizer was learned from, where that is known. */
export function DatasetPick({ datasets, about, value, onChange }: DatasetPickProps) {
  const id = useId();
  if (datasets.length === 0 && !value && !about.dataset) return null;
  const refs = datasets.map(one => `dataset/${one.name}`);
  const isUnlisted = value !== '' && value !== NOWHERE && !refs.includes(value);
  return (
    <span className={classes.pick}>
      <label className="label" htmlFor={id}>
        count in
      </label>
      <select id={id} className="select num" value={value} onChange={event => onChange(event.target.value)}>
        {about.dataset && <option value="">what it was learned from</option>}
        <option value={about.dataset ? NOWHERE : ''}>no dataset</option>
        {isUnlisted && <option value={value}>{unlisted(value)}</option>}
        {refs.map(ref => (
          <option key={ref} value={ref}>
            {ref.replace('dataset/', '')}
          </option>
        ))}
      </select>
    </span>
  );
}

/** What has no name goes by the beginning of its id. */
function unlisted(ref: string): string {
  return /^[0-9a-f]{64}$/.test(ref) ? `${ref.slice(0, 8)}…` : ref;
}
