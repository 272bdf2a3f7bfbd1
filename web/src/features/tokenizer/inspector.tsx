// One token: its id, its bytes, how often it comes, and how it was made.
import { count } from '@/lib/format';
import { colorsOf, type Film, type Piece, stepsWithin } from './film';
import { MergeTree } from './merge-tree';
import { TokenMark } from './token-mark';
import classes from './tokens.module.css';

interface InspectorProps {
  film: Film;
  pieces: readonly Piece[];
  chosen: Piece | undefined;
  value: number;
  most: number;
  /** Id -> how often it comes in the dataset; null: none is chosen. */
  counts: Readonly<Record<string, number>> | null;
  dataset: string;
}

export function Inspector({ film, pieces, chosen: piece, value, most, counts, dataset }: InspectorProps) {
  const steps = piece ? stepsWithin(film, piece, value) : [];
  const times = piece && counts ? counts[piece.id] : undefined;
  return (
    <aside className="card" aria-labelledby="this-token">
      <div className="card-head">
        <h2 className="h-pane" id="this-token">
          This token
        </h2>
        <span className="grow" />
        <span className="note">choose any token</span>
      </div>
      <div className="card-body">
        {!piece && <p className="muted">There is no token in an empty text.</p>}
        {piece && (
          <>
            <div className={`model ${classes.large}`}>
              <TokenMark {...piece} color={colorsOf(pieces)[pieces.indexOf(piece)] ?? 1} />
            </div>
            <dl className={classes.facts}>
              <dt>id</dt>
              <dd>{piece.id < 0 ? 'none of its own' : count(piece.id)}</dd>
              <dt>bytes</dt>
              <dd>{piece.hex}</dd>
              <dt>length</dt>
              <dd>
                {piece.end - piece.start} {piece.end - piece.start === 1 ? 'byte' : 'bytes'}
              </dd>
              {times !== undefined && (
                <>
                  <dt>in {dataset}</dt>
                  <dd>{times === 0 ? 'only inside longer tokens' : `${count(times)} times`}</dd>
                </>
              )}
            </dl>
            <h3 className="label">How it was made</h3>
            {steps.length > 0 && <MergeTree film={film} start={piece.start} end={piece.end} steps={steps} />}
            <p className="note">
              {steps.length > 0
                ? `Each bracket is one merge. The number is its place in the list of ${count(most)}: small numbers were learned first.`
                : film.isOfBytes && piece.end - piece.start === 1
                  ? 'A single byte: every byte is a token from the beginning.'
                  : 'No merge made it; it stands in the vocabulary as it is.'}
            </p>
          </>
        )}
      </div>
    </aside>
  );
}
