// The last merge in words, and all merges of the text as a table, the twin of the curve.
import { count } from '@/lib/format';
import { TableTwin } from '@/ui/table-twin';
import { type Film, lastStep, pieceOf, type Step } from './film';
import classes from './rail.module.css';
import { Drawn } from './token-mark';

const MOST_ROWS = 500;

interface MergeWordsProps {
  film: Film;
  value: number;
  most: number;
  /** Rank -> how often that merge is made in the dataset, and what the dataset is called; null: none is chosen. */
  counts: Readonly<Record<string, number>> | null;
  dataset: string;
  onChange: (value: number) => void;
}

export function MergeWords({ film, value, most, counts, dataset, onChange }: MergeWordsProps) {
  const step = lastStep(film, value);
  const times = step && counts ? counts[step.rank] : undefined;
  return (
    <>
      <p className={`reading ${classes.reading}`} aria-live="polite">
        {!step && film.steps.length > 0 && 'No merge of the list has touched this text yet.'}
        {!step && film.steps.length === 0 && 'No merge of the list touches this text.'}
        {step && (
          <>
            The last merge that touched this text is number {count(step.rank + 1)} of {count(most)}:{' '}
            <Part film={film} start={step.start} end={step.middle} /> and{' '}
            <Part film={film} start={step.middle} end={step.end} /> became{' '}
            <Part film={film} start={step.start} end={step.end} />.
            {times !== undefined && ` In ${dataset} it is made ${count(times)} times.`}
          </>
        )}
      </p>
      {film.steps.length > 0 && (
        <TableTwin
          label="Merges of this text"
          summary={
            film.steps.length > MOST_ROWS
              ? `The first ${count(MOST_ROWS)} of ${count(film.steps.length)} merges of this text, as a table`
              : `All ${count(film.steps.length)} merges of this text, as a table`
          }
        >
          {() => (
            <>
              <thead>
                <tr>
                  <th className="r">merge</th>
                  <th>left</th>
                  <th>right</th>
                  <th>becomes</th>
                  <th className="r">id</th>
                  {counts && <th className="r">made in {dataset}</th>}
                  <th className="r">tokens left</th>
                </tr>
              </thead>
              <tbody>
                {film.steps.slice(0, MOST_ROWS).map((each, index) => (
                  <Row
                    key={`${each.rank},${each.start}`}
                    film={film}
                    step={each}
                    left={film.borders.length - index - 1}
                    isNow={each === step}
                    times={counts?.[each.rank]}
                    onChange={onChange}
                  />
                ))}
              </tbody>
            </>
          )}
        </TableTwin>
      )}
    </>
  );
}

interface RowProps {
  film: Film;
  step: Step;
  left: number;
  isNow: boolean;
  times: number | undefined;
  onChange: (value: number) => void;
}

function Row({ film, step, left, isNow, times, onChange }: RowProps) {
  return (
    <tr aria-current={isNow ? 'step' : undefined}>
      <td className="r num">
        <button type="button" className="link" onClick={() => onChange(step.rank + 1)}>
          {count(step.rank + 1)}
        </button>
      </td>
      <td>
        <Part film={film} start={step.start} end={step.middle} />
      </td>
      <td>
        <Part film={film} start={step.middle} end={step.end} />
      </td>
      <td>
        <Part film={film} start={step.start} end={step.end} />
      </td>
      <td className="r num">{step.id}</td>
      {times !== undefined && <td className="r num">{count(times)}</td>}
      <td className="r num">{count(left)}</td>
    </tr>
  );
}

function Part({ film, start, end }: { film: Film; start: number; end: number }) {
  const piece = pieceOf(film, start, end);
  return <span className="model">{piece.text === null ? piece.hex : <Drawn text={piece.text} />}</span>;
}
