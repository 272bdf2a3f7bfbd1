// What an answer was: its length, pace and mean surprise, and the exact checkpoint that wrote it.
import type { RunView } from '@/lib/api/schema';
import { count, decimals } from '@/lib/format';
import classes from './playground.module.css';
import { type Answer, writer } from './use-generation';

export function Foot({ answer, training }: { answer: Answer; training: RunView | undefined }) {
  const mean =
    answer.tokens.reduce((sum, token) => sum + token.surprise, 0) / Math.max(answer.tokens.length, 1);
  const model = answer.model;
  const hasMoved =
    model?.run_step !== null && model !== null && model.run_step !== undefined && model.run_step > model.step;
  return (
    <p className={`note ${classes.foot}`}>
      <span>
        <b className="num">{answer.tokens.length}</b> tokens
      </span>
      {answer.tokensPerS !== null && (
        <span>
          <b className="num">{decimals(answer.tokensPerS, 0)}</b> tok/s
        </span>
      )}
      {answer.tokens.length > 0 && (
        <span>
          mean surprise <b className="num">{decimals(mean, 2)}</b> nats/token
        </span>
      )}
      <span>
        by {writer(answer)} <span className="num faint">{model?.checkpoint.slice(0, 8)}…</span>
      </span>
      {hasMoved && (
        <span>
          This answer stays at {count(model.step)}; the run is at {count(model.run_step ?? 0)} now.
        </span>
      )}
      {training && answer.status === 'writing' && (
        <span>{training.name} trains on beside it, a little slower while it writes.</span>
      )}
    </p>
  );
}
