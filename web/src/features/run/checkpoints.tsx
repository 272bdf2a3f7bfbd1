// What was saved: each checkpoint with what it measured and its size; the best and the newest are marked.
import { Link } from '@tanstack/react-router';
import type { RunState, RunView } from '@/lib/api/schema';
import { between, bytes, count } from '@/lib/format';

export function Checkpoints({ run, state }: { run: RunView; state: RunState }) {
  const bits = new Map(state.evaluations.map(one => [one.step, one.values.bits_per_byte]));
  const intervals = new Map(state.evaluations.map(one => [one.step, one.intervals?.bits_per_byte]));
  const newestFirst = [...state.checkpoints].sort((a, b) => b.step - a.step);
  const measured = newestFirst.filter(one => bits.get(one.step) !== undefined);
  const best = [...measured].sort((a, b) => (bits.get(a.step) ?? 0) - (bits.get(b.step) ?? 0))[0]?.step;
  return (
    <section className="card" aria-labelledby="checkpoints">
      <div className="card-head">
        <h2 className="h-pane" id="checkpoints">
          Checkpoints
        </h2>
        <span className="grow" />
        {newestFirst[0]?.size_bytes ? (
          <span className="note">{bytes(newestFirst[0].size_bytes)} each</span>
        ) : null}
      </div>
      {newestFirst.length === 0 ? (
        <p className="card-body muted">The first one is saved on the way; from then on you can talk to it.</p>
      ) : (
        <div className="card-body">
          <table className="table">
            <thead>
              <tr>
                <th>step</th>
                <th className="r">bits/byte</th>
                <th>
                  <span className="sr">mark</span>
                </th>
                <th className="r">
                  <span className="sr">open</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {newestFirst.map((one, index) => (
                <tr key={one.step}>
                  <td className="num">{count(one.step)}</td>
                  <td className="r num">
                    {bits.get(one.step) === undefined
                      ? '–'
                      : between(bits.get(one.step) ?? 0, intervals.get(one.step))}
                  </td>
                  <td>
                    <span className="row">
                      {one.step === best && <span className="tag">best</span>}
                      {index === 0 && <span className="tag">newest</span>}
                    </span>
                  </td>
                  <td className="r">
                    <Link
                      to="/playground"
                      search={{ ref: `${run.id}:${one.step}` } as never}
                      aria-label={`Talk to step ${one.step}`}
                    >
                      Talk
                    </Link>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}
