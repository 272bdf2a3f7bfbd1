// Copied or composed: a text whose stretches that stand word for word in the training text are underlined; choosing one shows where
// it stands. First the sentence, then the share beside what chance gives, then the text. It never fetches.
import { useState } from 'react';
import type { CopiesView } from '@/lib/api/schema';
import { count, percent } from '@/lib/format';
import { TableTwin } from '@/ui/table-twin';
import classes from './copied-text.module.css';
import { segmentsOf } from './segments';
import { Source } from './source';

export function CopiedText({ text, found }: { text: string; found: CopiesView }) {
  const [shown, setShown] = useState<number | null>(null);
  const [kept, setKept] = useState<number | null>(null);
  const span = found.spans[shown ?? kept ?? -1];
  return (
    <div className={classes.box}>
      <p className="reading">{sentence(found)}</p>
      <Shares found={found} />
      <p className={`model ${classes.text}`}>
        {segmentsOf(text, found.spans).map((segment, index) =>
          segment.span === null ? (
            <span key={index}>{segment.text}</span>
          ) : (
            // A button of the browser is a box of its own, and a line end inside it would be lost.
            // biome-ignore lint/a11y/useSemanticElements: see above
            <span
              key={index}
              role="button"
              tabIndex={0}
              className={classes.span}
              aria-pressed={segment.span === kept}
              aria-label={`copied: ${segment.text}`}
              onPointerEnter={() => setShown(segment.span)}
              onPointerLeave={() => setShown(null)}
              onFocus={() => setKept(segment.span)}
              onClick={() => setKept(segment.span)}
              onKeyDown={event => event.key === 'Escape' && setKept(null)}
            >
              {segment.text}
            </span>
          ),
        )}
      </p>
      {span && <Source span={span} texts={found.texts} />}
      {!span && found.spans.length > 0 && (
        <p className="note">Point at an underlined stretch, or tab to it, to see where it stands.</p>
      )}
      {found.spans.length > 0 && (
        <TableTwin label="Copied stretches" summary="The stretches as a table">
          {() => <Table found={found} />}
        </TableTwin>
      )}
      <p className="note">
        Stretches of at least {count(found.min_characters)} characters, compared as they are: another case,
        space or accent is no copy.
      </p>
    </div>
  );
}

function sentence(found: CopiesView): string {
  const where = found.texts.map(one => one.label).join(', ');
  if (found.spans.length === 0)
    return `Composed: no stretch of ${count(found.min_characters)} characters stands in ${where}.`;
  const copied = `${percent(found.share, 0)} of this text stands word for word in ${where}`;
  if (!found.chance) return `${copied}.`;
  return found.share <= found.chance.share
    ? `${copied}, no more than held-out text has by chance.`
    : `${copied}; of held-out text it is ${percent(found.chance.share, 0)}.`;
}

/** The share beside that of held-out text of the same length, which nobody copied. */
function Shares({ found }: { found: CopiesView }) {
  const { chance } = found;
  const most = Math.max(found.share, chance?.share ?? 0, 0.01);
  return (
    <div className={classes.bars}>
      <span>this text</span>
      <span>
        <i style={{ width: `${(100 * found.share) / most}%` }} />
      </span>
      <span className="num">{percent(found.share)}</span>
      {chance && (
        <>
          <span>held-out text</span>
          <span>
            <i className={classes.chance} style={{ width: `${(100 * chance.share) / most}%` }} />
          </span>
          <span className="num" title={`mean of ${chance.num_passages} passages of the same length`}>
            {percent(chance.share)}
          </span>
        </>
      )}
    </div>
  );
}

function Table({ found }: { found: CopiesView }) {
  return (
    <>
      <thead>
        <tr>
          <th scope="col">Characters</th>
          <th scope="col">Stretch</th>
          <th scope="col">Times</th>
          <th scope="col">First place</th>
        </tr>
      </thead>
      <tbody>
        {found.spans.map(span => (
          <tr key={`${span.start} ${span.stop}`}>
            <td className="num">{count(span.stop - span.start)}</td>
            <td className="model">{span.text}</td>
            <td className="num">{count(span.num_times)}</td>
            <td>
              {span.places[0]?.document}, character {count(span.places[0]?.offset ?? 0)}
            </td>
          </tr>
        ))}
      </tbody>
    </>
  );
}
