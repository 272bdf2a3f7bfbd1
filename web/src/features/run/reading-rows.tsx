// The rows of a batch: documents one behind the other as they were packed, tokens tinted by loss; the same as a table below.
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { BatchView, RowView, StretchView } from '@/lib/api/schema';
import { count, decimals } from '@/lib/format';
import { TableTwin } from '@/ui/table-twin';
import { ReadText } from '@/widgets/read-text/read-text';
import { visible } from '@/widgets/token-text/token-text';
import classes from './reading.module.css';
import { placeWords, tokenWords } from './reading-words';
import { ROWS } from './use-read';

export interface Mark {
  row: number;
  place: number;
}

const REF_DIGITS = 12;

interface ReadingRowsProps {
  batch: BatchView;
  mark: Mark | null;
  row: number;
  onRow: (row: number) => void;
}

export function ReadingRows({ batch, mark, row, onRow }: ReadingRowsProps) {
  const first = batch.rows[0]?.row ?? row;
  const behind = first + batch.rows.length;
  return (
    <div className={classes.rest}>
      <div className={classes.rows}>
        {batch.rows.map(one => (
          <Row key={one.row} row={one} marked={mark?.row === one.row ? mark.place : null} />
        ))}
      </div>
      {batch.rows.length === 0 && <p className="muted">The batch has no row {count(row)}.</p>}
      <div className="row wrap">
        <button
          type="button"
          className="btn sm"
          disabled={first <= 0}
          onClick={() => onRow(Math.max(0, first - ROWS))}
        >
          Rows before
        </button>
        <button
          type="button"
          className="btn sm"
          disabled={behind >= batch.num_rows}
          onClick={() => onRow(behind)}
        >
          Rows after
        </button>
        <span className="note num">
          {count(first + 1)} to {count(behind)} of {count(batch.num_rows)}
        </span>
      </div>
      <TableTwin label="Tokens of these rows" summary="These rows as a table">
        {() => <Table rows={batch.rows} />}
      </TableTwin>
    </div>
  );
}

function Row({ row, marked }: { row: RowView; marked: number | null }) {
  const [looked, setLooked] = useState<number | null>(null);
  const token = row.tokens[looked ?? marked ?? -1];
  return (
    <section className={classes.batchRow} aria-label={`Row ${row.row + 1}`}>
      <div className={classes.where}>
        <span className="num">row {count(row.row + 1)}</span>
        {row.part && <span className="tag">{row.part}</span>}
        {row.dataset_label && <span>{row.dataset_label}</span>}
      </div>
      {row.stretches.map(stretch => (
        <div key={stretch.start} className={`${classes.stretch} ${stretch.is_begun ? classes.begun : ''}`}>
          <Where stretch={stretch} dataset={row.dataset} />
          <ReadText
            tokens={row.tokens.slice(stretch.start, stretch.stop)}
            first={stretch.start}
            marked={marked}
            onLook={setLooked}
          />
        </div>
      ))}
      <p className={classes.told} aria-hidden="true">
        {token ? tokenWords(token.text, token.nats, token.is_trained) : ''}
      </p>
    </section>
  );
}

function Where({ stretch, dataset }: { stretch: StretchView; dataset: string | null }) {
  return (
    <p className={classes.where}>
      {dataset ? (
        <Link
          className="link num"
          to="/data/$name"
          params={{ name: dataset.slice(0, REF_DIGITS) }}
          search={{ doc: String(stretch.ordinal) } as never}
        >
          {stretch.document}
        </Link>
      ) : (
        <span className="num">{stretch.document}</span>
      )}
      <span>{placeWords(stretch)}</span>
      {stretch.source && <span>source {stretch.source}</span>}
      {stretch.group && stretch.group !== stretch.document && <span>group {stretch.group}</span>}
    </p>
  );
}

function Table({ rows }: { rows: readonly RowView[] }) {
  return (
    <>
      <thead>
        <tr>
          <th scope="col">Row</th>
          <th scope="col">Place</th>
          <th scope="col">Document</th>
          <th scope="col">Token</th>
          <th scope="col">Loss, nats</th>
          <th scope="col">Trained on</th>
        </tr>
      </thead>
      <tbody>
        {rows.flatMap(row =>
          row.stretches.flatMap(stretch =>
            row.tokens.slice(stretch.start, stretch.stop).map((token, index) => (
              <tr key={`${row.row} ${stretch.start + index}`}>
                <td className="num">{row.row + 1}</td>
                <td className="num">{stretch.start + index}</td>
                <td>{stretch.document}</td>
                <td className="model">{visible(token.text)}</td>
                <td className="num">{token.nats === null ? '' : decimals(token.nats, 3)}</td>
                <td>{token.is_trained ? 'yes' : 'no'}</td>
              </tr>
            )),
          ),
        )}
      </tbody>
    </>
  );
}
