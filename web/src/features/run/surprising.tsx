// The tokens of a batch that surprised the model most, each in its place; choosing one shows it in its row.
import type { BatchView } from '@/lib/api/schema';
import { decimals } from '@/lib/format';
import { visible } from '@/widgets/token-text/token-text';
import classes from './reading.module.css';
import type { Mark } from './reading-rows';

const SHOWN = 12;

export function Surprising({ batch, onShow }: { batch: BatchView; onShow: (mark: Mark) => void }) {
  if (batch.surprising.length === 0) return null;
  return (
    <div>
      <h3 className="h-pane">Most surprising tokens</h3>
      <ol className={classes.surprising} aria-label="Most surprising tokens, in nats">
        {batch.surprising.slice(0, SHOWN).map(one => (
          <li key={`${one.row} ${one.place}`}>
            <button
              type="button"
              title={`row ${one.row}, ${one.document}`}
              onClick={() => onShow({ row: one.row, place: one.place })}
            >
              <span className="num">{decimals(one.nats, 2)}</span>
              <span className={`model ${classes.around}`}>
                <span>
                  <span>{flat(one.before)}</span>
                </span>
                <b>{visible(one.text)}</b>
                <span>{flat(one.after)}</span>
              </span>
            </button>
          </li>
        ))}
      </ol>
    </div>
  );
}

function flat(text: string): string {
  return text.replaceAll('\n', '↵');
}
