// The documents themselves: leafed through, or searched by words. The chosen one is read beside the list; all is in the link.
import { useInfiniteQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useDeferredValue, useEffect, useState } from 'react';
import { api, data, type ProblemError } from '@/lib/api/client';
import { count } from '@/lib/format';
import { useIsHere } from '@/lib/use-is-here';
import { Failed } from '@/ui/failed';
import classes from './data.module.css';
import { DocumentText } from './document-text';

interface Search {
  q?: string;
  doc?: string;
}

interface Line {
  ordinal: number;
  id: string;
  text: string;
  marks: readonly (readonly number[])[];
}

const PAGE = 20;

export function Preview({ at, project, version }: { at: string; project: string; version: string }) {
  const search = useSearch({ strict: false }) as Search;
  const navigate = useNavigate();
  const isHere = useIsHere();
  const [typed, setTyped] = useState(search.q ?? '');
  const words = useDeferredValue(search.q ?? '');
  const change = (fields: Search) =>
    navigate({ to: '.', search: ((before: object) => ({ ...before, ...fields })) as never, replace: true });
  // biome-ignore lint/correctness/useExhaustiveDependencies: only what is typed waits
  useEffect(() => {
    if (typed === (search.q ?? '')) return;
    const timer = setTimeout(() => isHere() && change({ q: typed, doc: '' }), 250);
    return () => clearTimeout(timer);
  }, [typed]);
  const found = useInfiniteQuery({
    queryKey: ['dataset-documents', project, at, version, words],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam }) =>
      words ? searched(at, project, words, pageParam) : leafed(at, project, pageParam),
    getNextPageParam: page => page.next,
    placeholderData: before => before,
    retry: false,
  });
  const lines = found.data?.pages.flatMap(page => page.lines) ?? [];
  const total = found.data?.pages[0]?.total ?? 0;
  const all = found.data?.pages[0]?.all ?? 0;
  const problem = found.error as ProblemError | null;
  const chosen = search.doc ? Number(search.doc) : lines[0]?.ordinal;
  const marked = words ? words.split(/\s+/).filter(Boolean) : [];
  return (
    <section className="card" aria-labelledby="preview">
      <div className="card-head">
        <h2 className="h-pane" id="preview">
          Documents
        </h2>
        <input
          className={`input ${classes.find}`}
          type="search"
          aria-label="Find documents that hold these words"
          placeholder="Find words"
          value={typed}
          onChange={event => setTyped(event.target.value)}
        />
        <span className="note" aria-live="polite">
          {words
            ? `${count(total)} of ${count(all)} documents hold ${marked.length > 1 ? 'these words' : 'it'}`
            : `${count(all)} in all`}
        </span>
      </div>
      {problem && (
        <div className="card-body">
          <Failed
            title={problem.message}
            detail={problem.detail}
            retry={problem.code === 'not-described' ? undefined : () => found.refetch()}
          />
        </div>
      )}
      {found.isPending && (
        <div className={`skeleton ${classes.wait}`} role="status" aria-label="Loading documents" />
      )}
      {!problem && lines.length > 0 && (
        <div className={classes.hits}>
          <ul aria-label="Documents">
            {lines.map(line => (
              <li key={line.ordinal}>
                <button
                  type="button"
                  aria-current={line.ordinal === chosen ? 'true' : undefined}
                  onClick={() => change({ doc: String(line.ordinal) })}
                >
                  <b>{line.id}</b>
                  <span>{line.text}</span>
                </button>
              </li>
            ))}
            {found.hasNextPage && (
              <li>
                <button type="button" className={classes.more} onClick={() => found.fetchNextPage()}>
                  {count(total - lines.length)} more documents
                </button>
              </li>
            )}
          </ul>
          {chosen !== undefined && (
            <DocumentText key={`${at} ${chosen}`} at={at} project={project} ordinal={chosen} words={marked} />
          )}
        </div>
      )}
      {found.isSuccess && lines.length === 0 && (
        <p className="card-body muted">
          No document holds {marked.length > 1 ? 'all these words' : 'this word'}.{' '}
          <button
            type="button"
            className="link"
            onClick={() => {
              setTyped('');
              change({ q: '', doc: '' });
            }}
          >
            Show all
          </button>
        </p>
      )}
    </section>
  );
}

interface Part {
  lines: Line[];
  total: number;
  all: number;
  next: string | null;
}

async function searched(ref: string, project: string, query: string, after: string | null): Promise<Part> {
  const page = await data(
    api.GET('/api/datasets/{ref}/search', {
      params: { path: { ref }, query: { q: query, project, limit: PAGE, ...(after ? { after } : {}) } },
    }),
  );
  const lines = page.items.map(one => ({
    ordinal: one.ordinal,
    id: one.id,
    text: one.text,
    marks: one.marks,
  }));
  return { lines, total: page.total ?? lines.length, all: page.num_documents, next: page.next ?? null };
}

async function leafed(ref: string, project: string, after: string | null): Promise<Part> {
  const offset = Number(after ?? 0);
  const found = await data(
    api.GET('/api/datasets/{ref}/documents', {
      params: { path: { ref }, query: { project, offset, limit: PAGE, max_characters: 120 } },
    }),
  );
  const lines = found.documents.map(one => ({ ordinal: one.ordinal, id: one.id, text: one.text, marks: [] }));
  const next = offset + PAGE < found.num_documents ? String(offset + PAGE) : null;
  return { lines, total: found.num_documents, all: found.num_documents, next };
}
