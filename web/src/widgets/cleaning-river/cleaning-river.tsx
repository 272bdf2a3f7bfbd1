// A cleaning as a river that gets clearer: each column is a step, what it takes out leaves downwards. It never fetches.
import { bytes, count, duration, percent, short } from '@/lib/format';
import classes from './cleaning-river.module.css';
import { amounts, HEIGHT, type RiverStep, type RiverUnit, riverShape, WIDTH } from './river';

export interface RiverWords {
  title: string;
  detail: string;
}

interface CleaningRiverProps {
  steps: readonly RiverStep[];
  /** The words over each column. */
  words: readonly RiverWords[];
  unit: RiverUnit;
  /** The step whose samples are shown. */
  chosen: number | null;
  onChoose: (step: number) => void;
  /** It flows now. */
  isLive: boolean;
}

export function CleaningRiver({ steps, words, unit, chosen, onChoose, isLive }: CleaningRiverProps) {
  const shape = riverShape(steps, unit);
  const column = WIDTH / (steps.length + 1);
  const first = steps[0] ? amounts(steps[0], unit).before : 0;
  const columns = { gridTemplateColumns: `repeat(${steps.length + 1}, minmax(0, 1fr))` };
  return (
    <div className="scroll-x">
      <div className={classes.river} style={{ minWidth: `${(steps.length + 1) * 118}px` }}>
        <div className={classes.columns} style={columns}>
          <div className={classes.head}>
            <b>As read</b>
            <small>{isLive ? 'so far' : 'what came'}</small>
          </div>
          {steps.map((step, index) => (
            <button
              key={`${step.kind}-${index}`}
              type="button"
              className={classes.head}
              aria-pressed={chosen === index}
              onClick={() => onChoose(index)}
            >
              <b>{words[index]?.title}</b>
              <small>{words[index]?.detail}</small>
            </button>
          ))}
        </div>
        <div className={classes.water}>
          <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
            <defs>
              <linearGradient id="river-clears" x1="0" x2="1" y1="0" y2="0">
                <stop offset="0" className={classes.dull} />
                <stop offset="0.45" className={classes.less} />
                <stop offset="1" className={classes.clear} />
              </linearGradient>
              <linearGradient id="river-gone" x1="0" x2="0" y1="0" y2="1">
                <stop offset="0" className={classes.gone} />
                <stop offset="1" className={classes.nothing} />
              </linearGradient>
            </defs>
            {chosen !== null && (
              <rect
                className={classes.chosen}
                x={column * (chosen + 1)}
                y="0"
                width={column}
                height={HEIGHT}
              />
            )}
            <path d={shape.body} fill="url(#river-clears)" />
            {shape.exits.map(exit => (
              <g key={exit.step}>
                <path d={exit.path} fill="url(#river-gone)" />
                <path d={exit.edge} className={exit.step === chosen ? classes.exitOn : classes.exit} />
              </g>
            ))}
            <path d={shape.grains} className={classes.grains} />
            <path d={shape.edges} className={classes.edge} />
            {shape.columns.slice(1).map(x => (
              <path key={x} d={`M${x} 0V${HEIGHT}`} className={classes.rule} />
            ))}
          </svg>
          {isLive && <span className={`live ${classes.source}`} />}
        </div>
        <div className={classes.columns} style={columns}>
          <div className={classes.figures}>
            {amountText(first, unit)}
            <small>{isLive ? 'so far' : unit}</small>
          </div>
          {steps.map((step, index) => (
            <div
              key={`${step.kind}-${index}`}
              className={classes.figures}
              data-chosen={chosen === index || undefined}
            >
              {amountText(amounts(step, unit).after, unit)}
              <small>{whatItDid(step, unit)}</small>
            </div>
          ))}
        </div>
      </div>
    </div>
  );
}

/** The river's table twin. */
export function CleaningTable({ steps, words }: Pick<CleaningRiverProps, 'steps' | 'words'>) {
  return (
    <div className="scroll-x">
      <table className="table">
        <thead>
          <tr>
            <th>step</th>
            <th className="r">documents before</th>
            <th className="r">after</th>
            <th className="r">taken out</th>
            <th className="r">changed</th>
            <th className="r">bytes after</th>
            <th className="r">time</th>
          </tr>
        </thead>
        <tbody>
          {steps.map((step, index) => (
            <tr key={`${step.kind}-${index}`}>
              <td>
                {words[index]?.title} <span className="faint">{words[index]?.detail}</span>
              </td>
              <td className="r num">{count(step.documentsBefore)}</td>
              <td className="r num">{count(step.documentsAfter)}</td>
              <td className="r num">{count(step.removed)}</td>
              <td className="r num">{count(step.changed)}</td>
              <td className="r num">{bytes(step.bytesAfter)}</td>
              <td className="r num">{step.durationS === null ? '–' : duration(step.durationS)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function amountText(value: number, unit: RiverUnit): string {
  if (unit === 'bytes') return bytes(value);
  return value >= 1_000_000 ? short(value) : count(value);
}

function whatItDid(step: RiverStep, unit: RiverUnit): string {
  if (step.removed > 0) {
    const { before, after } = amounts(step, unit);
    const lost = before - after;
    const share = before ? percent(lost / before) : '0 %';
    return `−${unit === 'bytes' ? bytes(lost) : count(lost)} (${share})`;
  }
  return step.changed > 0 ? `${count(step.changed)} changed` : 'nothing to do';
}
