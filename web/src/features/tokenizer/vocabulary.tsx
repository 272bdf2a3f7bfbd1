// The vocabulary, token by token: in an order, searched, a page after the other.
import type { ReactNode } from 'react';
import type { ProblemError } from '@/lib/api/client';
import type { TokenizerAbout } from '@/lib/api/schema';
import { bytes, count } from '@/lib/format';
import { Failed } from '@/ui/failed';
import { useVocabulary } from './calls';
import type { Counted } from './counting';
import { bytesOf, hexOf } from './film';
import type { LabState, Order } from './state';
import { drawable, TokenMark } from './token-mark';
import { useLinked } from './use-linked';
import classes from './vocabulary.module.css';

const ORDER_WORDS: [Order, string][] = [
  ['id', 'by id'],
  ['longest', 'longest first'],
  ['nested', 'inside most others'],
  ['most_used', 'most used'],
  ['rarest', 'rarest'],
  ['never_used', 'never used'],
  ['only_inside', 'only inside others'],
];
const COUNTING: readonly Order[] = ['most_used', 'rarest', 'never_used', 'only_inside'];

interface VocabularyProps {
  state: LabState;
  project: string;
  about: TokenizerAbout;
  counted: Counted;
  pick: ReactNode;
  onChange: (fields: Partial<LabState>) => void;
}

export function Vocabulary({ state, project, counted, pick, onChange }: VocabularyProps) {
  const [query, setQuery] = useLinked({ given: state.query, push: value => onChange({ query: value }) });
  const order = counted.ref || !COUNTING.includes(state.order) ? state.order : 'id';
  const found = useVocabulary(project, state.ref, counted.ref, order, state.query);
  const pages = found.data?.pages ?? [];
  const rows = pages.flatMap(page => page.items);
  const total = pages[0]?.total ?? 0;
  return (
    <section className="card" aria-labelledby="vocabulary">
      <div className="card-head">
        <h2 className="h-pane" id="vocabulary">
          Vocabulary
        </h2>
        <input
          className={`input num ${classes.search}`}
          type="search"
          aria-label="Only tokens with this text"
          placeholder="only tokens with …"
          maxLength={200}
          value={query}
          onChange={event => setQuery(event.target.value)}
        />
        <select
          className={`select ${classes.order}`}
          aria-label="Order"
          value={order}
          onChange={event => onChange({ order: event.target.value as Order })}
        >
          {ORDER_WORDS.map(([name, words]) => (
            <option key={name} value={name} disabled={!counted.ref && COUNTING.includes(name)}>
              {words}
              {!counted.ref && COUNTING.includes(name) ? ', needs a dataset' : ''}
            </option>
          ))}
        </select>
        <span className="grow" />
        {pick}
      </div>
      {found.error ? (
        <div className="card-body">
          <Failed
            title={found.error.message}
            detail={(found.error as ProblemError).detail}
            retry={() => found.refetch()}
          />
        </div>
      ) : found.data ? (
        <div className={found.isPlaceholderData ? classes.waiting : ''}>
          {rows.length === 0 ? (
            <p className="card-body muted">
              {state.query ? `No token has “${state.query}” in it.` : 'No token is like that.'}
            </p>
          ) : (
            <Rows rows={rows} counted={counted} />
          )}
          <div className={`row between wrap ${classes.foot}`}>
            <span className="note" aria-live="polite">
              {count(rows.length)} of {count(total)} tokens
              {counted.ref &&
                `, counted in the first ${bytes(pages[0]?.counted_bytes ?? 0)} of ${counted.label}`}
            </span>
            {found.hasNextPage && (
              <button
                type="button"
                className="btn sm"
                disabled={found.isFetchingNextPage}
                onClick={() => found.fetchNextPage()}
              >
                {found.isFetchingNextPage ? 'Fetching' : 'Show more'}
              </button>
            )}
          </div>
        </div>
      ) : (
        <div className="card-body" role="status" aria-label="Reading the vocabulary">
          <div className="skeleton" style={{ height: 420 }} />
        </div>
      )}
    </section>
  );
}

type Row = NonNullable<ReturnType<typeof useVocabulary>['data']>['pages'][number]['items'][number];

function Rows({ rows, counted }: { rows: readonly Row[]; counted: Counted }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a table that scrolls must be reachable by keyboard
    <section className={classes.scroll} tabIndex={0} aria-label="Tokens">
      <table className={`table ${classes.table}`}>
        <thead>
          <tr>
            <th>token</th>
            <th className="r">id</th>
            {counted.ref && <th className="r">in {counted.label}</th>}
            <th className="r">length</th>
            <th className="r">merge</th>
            <th>made of</th>
            <th className="r">inside others</th>
            <th className={classes.apart}>bytes</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(row => (
            <tr key={row.token.id}>
              <td className={`model ${classes.token}`}>
                <TokenMark {...drawable(row.token)} color={(row.token.id % 6) + 1} />
              </td>
              <td className="r num">{row.token.id}</td>
              {counted.ref && <td className="r num">{row.count === null ? '–' : count(row.count)}</td>}
              <td className="r num">{row.num_bytes}</td>
              <td className="r num">{row.rank === null ? '–' : count(row.rank + 1)}</td>
              <td className="num nowrap">
                {row.parts ? row.parts.join(' + ') : row.token.is_special ? 'special' : '–'}
              </td>
              <td className="r num">{count(row.num_within)}</td>
              <td className={`num ${classes.bytes}`}>
                {row.token.is_special ? 'none' : hexOf(bytesOf(row.token.hex))}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
