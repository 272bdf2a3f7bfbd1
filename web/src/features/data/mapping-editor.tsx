// Which columns of a table are read as what: guessed, shown with its first rows, changed here.
import { useId } from 'react';
import type { FileView } from '@/lib/api/schema';
import classes from './data.module.css';
import type { Mapping } from './order-dataset';

const LAYOUTS: Record<string, { title: string; fields: (keyof Mapping)[] }> = {
  text: { title: 'one text a row', fields: ['text', 'name', 'group'] },
  messages: { title: 'chat: a list of messages', fields: ['messages', 'name', 'group'] },
  sharegpt: { title: 'chat: ShareGPT', fields: ['messages', 'name', 'group'] },
  alpaca: { title: 'chat: Alpaca', fields: ['prompt', 'context', 'completion', 'name', 'group'] },
  prompt_completion: {
    title: 'chat: prompt and completion',
    fields: ['prompt', 'context', 'completion', 'name', 'group'],
  },
};
const WORDS: Partial<Record<keyof Mapping, string>> = {
  text: 'Text',
  messages: 'Messages',
  prompt: 'What is asked',
  context: 'What stands below it',
  completion: 'What is answered',
  name: 'Id of the document',
  group: 'Stays together in a split',
};

/** How a table is read, in words. */
export function mappingWords(mapping: Mapping, numColumns: number): string {
  const of = `1 of ${numColumns} ${numColumns === 1 ? 'column' : 'columns'}`;
  if (mapping.layout === 'text') return `the text is in ${mapping.text || '?'}, ${of}.`;
  if (mapping.messages) return `conversations are in ${mapping.messages}, ${of}.`;
  return `asked in ${mapping.prompt || '?'}, answered in ${mapping.completion || '?'}.`;
}

interface MappingEditorProps {
  look: FileView;
  numFiles: number;
  onChange: (mapping: Mapping) => void;
}

export function MappingEditor({ look, numFiles, onChange }: MappingEditorProps) {
  const id = useId();
  const { mapping } = look;
  if (!mapping) return null;
  const layout = LAYOUTS[mapping.layout] ? mapping.layout : 'text';
  return (
    <div className={classes.mapping}>
      <div className={classes.mappingFields}>
        <label className="field">
          <span className="label">A row is</span>
          <select
            className="select"
            value={layout}
            onChange={event => onChange({ ...mapping, layout: event.target.value as Mapping['layout'] })}
          >
            {Object.entries(LAYOUTS).map(([value, { title }]) => (
              <option key={value} value={value}>
                {title}
              </option>
            ))}
          </select>
        </label>
        {LAYOUTS[layout]?.fields.map(field => (
          <div key={field} className="field">
            <label className="label" htmlFor={`${id}-${field}`}>
              {WORDS[field]}
            </label>
            <select
              id={`${id}-${field}`}
              className="select num"
              value={mapping[field]}
              onChange={event => onChange({ ...mapping, [field]: event.target.value })}
            >
              <option value="">{field === 'name' || field === 'group' ? 'none' : 'choose'}</option>
              {look.columns.map(column => (
                <option key={column} value={column}>
                  {column}
                </option>
              ))}
            </select>
          </div>
        ))}
      </div>
      <div className="scroll-x">
        <table className={`table ${classes.rows}`}>
          <thead>
            <tr>
              {look.columns.map(column => (
                <th key={column}>{column}</th>
              ))}
            </tr>
          </thead>
          <tbody>
            {look.rows.map((row, index) => (
              <tr key={index}>
                {look.columns.map(column => (
                  <td key={column}>{(row[column] ?? '').slice(0, 80)}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {numFiles > 1 && <p className="note">For all {numFiles} files of this row.</p>}
    </div>
  );
}
