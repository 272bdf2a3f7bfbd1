// What is in a dataset, in four pictures: how long its documents are, which scripts they use, what is there twice, which words
// come most. Each opens with a sentence and has a table twin. Without a description: how to get one.
import { useState } from 'react';
import { api, data, type ProblemError } from '@/lib/api/client';
import type { StatisticsView } from '@/lib/api/schema';
import { count, decimals, percent, short } from '@/lib/format';
import { useRunLog } from '@/lib/live/hooks';
import { Failed } from '@/ui/failed';
import { Loading } from '@/ui/loading';
import { Histogram, HistogramTable } from '@/widgets/histogram/histogram';
import { ShareBars } from '@/widgets/share-bars/share-bars';
import { CountTokens } from './count-tokens';
import classes from './data.module.css';
import { copiesReading, lengthReading, scriptsReading } from './readings';
import { useStatistics } from './use-statistics';

export function Statistics({ at, project, version }: { at: string; project: string; version: string }) {
  const found = useStatistics(at, project, version);
  const [isTable, setIsTable] = useState(false);
  const problem = found.error as ProblemError | null;
  if (problem?.code === 'not-described' && !found.isPlaceholderData)
    return <NotCounted at={at} project={project} onDone={() => found.refetch()} />;
  if (problem)
    return <Failed title={problem.message} detail={problem.detail} retry={() => found.refetch()} />;
  if (!found.data) return <Loading heights={[24, 200]} label="Loading the figures" />;
  return (
    <section aria-labelledby="statistics">
      <div className={`row between ${classes.above}`}>
        <h2 className="h-pane" id="statistics">
          What is in it
        </h2>
        <span className="grow" />
        <CountTokens
          at={at}
          project={project}
          counted={found.data.tokens?.tokenizer ?? null}
          onDone={() => void found.refetch()}
        />
        <button
          type="button"
          className="btn quiet sm"
          aria-pressed={isTable}
          onClick={() => setIsTable(!isTable)}
        >
          {isTable ? 'As pictures' : 'As tables'}
        </button>
      </div>
      <div className={classes.stats}>
        <Lengths found={found.data} isTable={isTable} />
        <Scripts found={found.data} />
        <Copies found={found.data} />
        <Words found={found.data} />
      </div>
      {found.data.has_more.length > 0 && <p className="note">{found.data.has_more.join(' ')}</p>}
    </section>
  );
}

function Lengths({ found, isTable }: { found: StatisticsView; isTable: boolean }) {
  const lengths = found.tokens?.lengths ?? found.lengths;
  const bins = lengths.bins.map(bin => ({ from: bin.from_, to: bin.to, count: bin.count }));
  return (
    <div>
      <h3 className="h-pane">Length</h3>
      <p className="reading">{lengthReading(lengths)}</p>
      {isTable ? (
        <HistogramTable bins={bins} unit={lengths.unit} />
      ) : (
        <Histogram bins={bins} label={`Documents by length in ${lengths.unit}`} />
      )}
      <p className="note">
        {lengths.unit} in a document, each bar twice as long as the one before; mean{' '}
        {count(Math.round(lengths.mean))}, longest {count(lengths.max)}
      </p>
    </div>
  );
}

function Scripts({ found }: { found: StatisticsView }) {
  const widest = Math.max(...found.scripts.map(one => one.share), 1e-9);
  const { letters, digits, spaces, punctuation, other } = found.characters;
  return (
    <div>
      <h3 className="h-pane">Scripts</h3>
      <p className="reading">{scriptsReading(found)}</p>
      <ShareBars
        label="Letters by script"
        bars={found.scripts.slice(0, 6).map(one => ({
          label: one.name,
          share: one.share / widest,
          text: percent(one.share),
        }))}
      />
      <p className="note">
        of all characters: letters {percent(letters)}, spaces {percent(spaces)}, punctuation{' '}
        {percent(punctuation)}, digits {percent(digits)}
        {other > 0.0005 && `, others ${percent(other)}`}
      </p>
    </div>
  );
}

function Copies({ found }: { found: StatisticsView }) {
  const { exact_documents: exact, near_documents: near, is_estimate: isEstimate } = found.duplicates;
  const of = (part: number) => (found.num_documents ? part / found.num_documents : 0);
  return (
    <div>
      <h3 className="h-pane">Copies</h3>
      <p className="reading">{copiesReading(found)}</p>
      <ShareBars
        label="Copies among the documents"
        bars={[
          { label: 'Exact', share: of(exact), text: percent(of(exact)) },
          { label: isEstimate ? 'Near, about' : 'Near', share: of(near), text: percent(of(near)) },
        ]}
      />
      <p className="note">
        of {count(found.num_documents)} documents; near: 0.80 of their runs of five words in common
        {isEstimate && `, looked for in ${count(found.duplicates.sampled_documents)} of them`}
      </p>
    </div>
  );
}

type Run = 'words' | 'pairs' | 'triples';

function Words({ found }: { found: StatisticsView }) {
  const [run, setRun] = useState<Run>('triples');
  const rows = found.ngrams[run].slice(0, 7);
  const most = rows[0]?.count ?? 1;
  return (
    <div>
      <div className="row between">
        <h3 className="h-pane">Most frequent</h3>
        <fieldset className="segmented" aria-label="How many words in a row">
          {(['words', 'pairs', 'triples'] as const).map((each, index) => (
            <button key={each} type="button" aria-pressed={run === each} onClick={() => setRun(each)}>
              {index + 1}
            </button>
          ))}
        </fieldset>
      </div>
      <ShareBars
        label={`Most frequent ${run}`}
        bars={rows.map(row => ({ label: row.text, share: row.count / most, text: short(row.count) }))}
      />
      {rows.length === 0 && <p className="muted">Nothing comes twice.</p>}
      <p className="note">
        {count(found.num_words)} words in all
        {found.tokens &&
          `; ${short(found.tokens.num_tokens)} tokens, ${decimals(found.tokens.bytes_per_token, 2)} bytes per token`}
        {found.ngrams.is_estimate && '; counts may be a little low'}
      </p>
    </div>
  );
}

function NotCounted({ at, project, onDone }: { at: string; project: string; onDone: () => void }) {
  const [run, setRun] = useState<string | null>(null);
  const [problem, setProblem] = useState<ProblemError | null>(null);
  const log = useRunLog(run);
  const { status, progress } = log.state;
  if (run && status === 'done') setTimeout(onDone, 0);
  const order = async () => {
    setProblem(null);
    try {
      const body = { project, tokenizer: null };
      const made = await data(
        api.POST('/api/datasets/{ref}/describe', { params: { path: { ref: at } }, body }),
      );
      setRun(made.run);
    } catch (error) {
      setProblem(error as ProblemError);
    }
  };
  return (
    <section className="empty" aria-labelledby="statistics">
      <h2 className="teacher" id="statistics">
        Nobody has counted it yet.
      </h2>
      <p className="muted">
        Lengths, scripts, copies and the most frequent words appear here, and its documents can be searched.
      </p>
      {run && status !== 'done' && status !== 'failed' ? (
        <p className="note" role="status">
          {progress
            ? `${progress.phase}, ${count(progress.done)} of ${count(progress.total)} ${progress.unit}`
            : 'waits for its turn'}
        </p>
      ) : (
        <button type="button" className="btn" onClick={() => void order()}>
          Count it
        </button>
      )}
      {status === 'failed' && log.state.error && (
        <Failed title={log.state.error.message} detail={log.state.error.hint} />
      )}
      {problem && <Failed title={problem.message} detail={problem.detail} />}
    </section>
  );
}
