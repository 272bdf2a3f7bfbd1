// The form of an architecture, made from its schema: groups as a person thinks of them, the fine settings folded.
import type { Field } from '@/lib/schema-fields';
import type { Document, Typed } from './document';
import classes from './form.module.css';
import { groupsOf, type Problem, problemAt } from './groups';
import { Setting } from './setting';

interface FormProps {
  fields: readonly Field[];
  typed: Typed;
  problems: readonly Problem[];
  document: Document;
  vocab: number;
  onChange: (typed: Typed) => void;
  onVocab: (vocab: number) => void;
}

export function Form({ fields, typed, problems, document, vocab, onChange, onVocab }: FormProps) {
  const homeless = problems.filter(problem => !fields.some(field => problemAt([problem], field)));
  const change = (name: string, text: string | undefined) => {
    const { [name]: _, ...others } = typed;
    onChange(text === undefined ? others : { ...others, [name]: text });
  };
  const setting = (field: Field) => (
    <Setting
      key={field.name}
      field={field}
      typed={typed[field.name]}
      problem={problemAt(problems, field)}
      document={document}
      vocab={vocab}
      onChange={text => change(field.name, text)}
    />
  );
  return (
    <>
      {homeless.map(problem => (
        <div key={problem.message} className="finding bad" role="alert">
          <h3 className="h-pane">{problem.message}</h3>
          <p className="muted">{problem.hint}</p>
        </div>
      ))}
      {groupsOf(fields).map(group => (
        <fieldset key={group.title} className={classes.group}>
          <legend>{group.title}</legend>
          {group.fields.map(setting)}
          {group.title === 'Size' && document.vocab_size === undefined && (
            <Vocabulary vocab={vocab} onChange={onVocab} />
          )}
          {group.fine.length > 0 && (
            <details open={group.fine.some(field => isTold(field, typed, problems)) || undefined}>
              <summary className="note">
                {group.fine.length === 1 ? 'One finer setting' : `${group.fine.length} finer settings`}
              </summary>
              <div className={classes.fine}>{group.fine.map(setting)}</div>
            </details>
          )}
        </fieldset>
      ))}
    </>
  );
}

/** Where the vocabulary is the tokenizer's, something has to be counted with. */
function Vocabulary({ vocab, onChange }: { vocab: number; onChange: (vocab: number) => void }) {
  return (
    <label className={classes.line}>
      <span className="note">The tokenizer is not chosen yet; counted with</span>
      <input
        className={`input num ${classes.figure}`}
        inputMode="numeric"
        defaultValue={vocab}
        onChange={event => {
          const number = Math.floor(Number(event.target.value.replace(/[, _]/g, '')));
          if (number >= 2 && number <= 2_000_000) onChange(number);
        }}
      />
    </label>
  );
}

function isTold(field: Field, typed: Typed, problems: readonly Problem[]): boolean {
  return typed[field.name] !== undefined || problemAt(problems, field) !== undefined;
}
