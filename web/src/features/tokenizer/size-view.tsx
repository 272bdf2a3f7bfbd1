// What a larger vocabulary saves in tokens and costs in parameters: nothing is trained again, as a smaller vocabulary is the
// beginning of a larger one.
import type { ReactNode } from 'react';
import type { ProblemError } from '@/lib/api/client';
import type { TokenizerAbout } from '@/lib/api/schema';
import { bytes, count, decimals, scientific, short } from '@/lib/format';
import { Failed } from '@/ui/failed';
import { TableTwin } from '@/ui/table-twin';
import { useWhatIf } from './calls';
import type { Counted } from './counting';
import { SizePlot } from './size-plot';
import { cheapest, doublingOf, sizesOf, usualBody } from './sizes';
import classes from './sizes.module.css';
import type { LabState } from './state';
import { useLinked } from './use-linked';

interface SizesProps {
  state: LabState;
  project: string;
  about: TokenizerAbout;
  counted: Counted;
  pick: ReactNode;
  onChange: (fields: Partial<LabState>) => void;
}

export function Sizes({ state, project, about, counted, pick, onChange }: SizesProps) {
  const [width, setWidth] = useLinked({ given: state.width, push: value => onChange({ width: value }) });
  const [body, setBody] = useLinked({ given: state.body, push: value => onChange({ body: value }) });
  const answer = useWhatIf({
    project,
    ref: state.ref,
    dataset: counted.ref,
    sizes: counted.ref ? sizesOf(about.vocab_size, about.num_merges) : [],
    width: Math.min(65_536, state.width),
    is_tied: state.isTied,
    body_parameters: state.body ?? usualBody(state.width),
  });
  return (
    <section className="card" aria-labelledby="sizes">
      <div className="card-head">
        <h2 className="h-pane" id="sizes">
          What if it were smaller, or larger
        </h2>
        <span className="grow" />
        {pick}
      </div>
      <div className={classes.settings}>
        <NumberField label="Width of the model" value={width} onChange={setWidth} />
        <NumberField
          label="Its other parameters"
          value={body ?? usualBody(width)}
          onChange={setBody}
          help={body === null ? 'four layers of this width' : ''}
        />
        <label className={classes.tied}>
          <input
            type="checkbox"
            className="switch"
            checked={state.isTied}
            onChange={event => onChange({ isTied: event.target.checked })}
          />
          embedding and head are one
        </label>
      </div>
      <div className="card-body">
        {about.num_merges === 0 ? (
          <p className="muted">
            This tokenizer has no list of merges, so it cannot be cut to a smaller size.
          </p>
        ) : !counted.ref ? (
          <p className="muted">
            Nothing here says which texts {about.label} was learned from. Choose a dataset to count in.
          </p>
        ) : answer.error ? (
          <Failed
            title={answer.error.message}
            detail={(answer.error as ProblemError).detail}
            retry={() => answer.refetch()}
          />
        ) : answer.data ? (
          <Outcome
            rows={answer.data.rows}
            note={`Counted in the first ${bytes(answer.data.counted_bytes)} of ${counted.label}. Sizes are on a logarithmic scale. For sizes beyond ${count(about.vocab_size)}, train a larger one: a smaller vocabulary is the beginning of it.`}
            width={state.width}
          />
        ) : (
          <div role="status" aria-label="Counting tokens">
            <div className="skeleton" style={{ height: 300 }} />
          </div>
        )}
      </div>
    </section>
  );
}

type Rows = NonNullable<ReturnType<typeof useWhatIf>['data']>['rows'];

function Outcome({ rows, note, width }: { rows: Rows; note: string; width: number }) {
  const least = cheapest(rows);
  return (
    <>
      <p className="reading">{doublingOf(rows, width)}</p>
      <div className={classes.plots}>
        <SizePlot
          title="What it saves: bytes per token"
          points={rows.map(row => ({ size: row.vocab_size, value: row.bytes_per_token }))}
          format={value => decimals(value, 1)}
        />
        <SizePlot
          title="What it costs: parameters of embedding and head"
          points={rows.map(row => ({ size: row.vocab_size, value: row.embedding_parameters }))}
          format={short}
        />
        <SizePlot
          title="Both: operations to train once over the text"
          points={rows.map(row => ({ size: row.vocab_size, value: row.flops }))}
          format={scientific}
          mark={least ? { size: least.vocab_size, label: `least at ${count(least.vocab_size)}` } : undefined}
        />
      </div>
      <p className="note">{note}</p>
      <TableTwin label="Sizes of the vocabulary, as a table">
        {() => (
          <>
            <thead>
              <tr>
                <th className="r">tokens in it</th>
                <th className="r">tokens of the text</th>
                <th className="r">bytes per token</th>
                <th className="r">embedding and head</th>
                <th className="r">operations</th>
              </tr>
            </thead>
            <tbody>
              {rows.map(row => (
                <tr key={row.vocab_size} className={row === least ? 'is-selected' : ''}>
                  <td className="r num">{count(row.vocab_size)}</td>
                  <td className="r num">{count(row.num_tokens)}</td>
                  <td className="r num">{decimals(row.bytes_per_token, 2)}</td>
                  <td className="r num">{count(row.embedding_parameters)}</td>
                  <td className="r num">{scientific(row.flops)}</td>
                </tr>
              ))}
            </tbody>
          </>
        )}
      </TableTwin>
    </>
  );
}

interface NumberFieldProps {
  label: string;
  value: number;
  onChange: (value: number) => void;
  help?: string;
}

function NumberField({ label, value, onChange, help = '' }: NumberFieldProps) {
  return (
    <label className="field">
      <span className="label">{label}</span>
      <input
        className="input num"
        type="number"
        min={0}
        value={value}
        onChange={event => onChange(Math.max(0, Math.floor(Number(event.target.value) || 0)))}
      />
      <span className="help">{help}</span>
    </label>
  );
}
