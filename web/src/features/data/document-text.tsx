// One document, read: where it comes from, its text with the words that were searched, conversations as turns.
import { useQuery } from '@tanstack/react-query';
import { Fragment, useState } from 'react';
import { api, data, type ProblemError } from '@/lib/api/client';
import { bytes, count } from '@/lib/format';
import { Failed } from '@/ui/failed';
import { Loading } from '@/ui/loading';
import classes from './data.module.css';
import { marksIn } from './marks';

interface DocumentTextProps {
  at: string;
  project: string;
  ordinal: number;
  words: readonly string[];
}

const FIRST = 4_000;
const MORE = 100_000;

export function DocumentText({ at, project, ordinal, words }: DocumentTextProps) {
  const [max, setMax] = useState(FIRST);
  const found = useQuery({
    queryKey: ['dataset-document', project, at, ordinal, max],
    queryFn: () =>
      data(
        api.GET('/api/datasets/{ref}/documents', {
          params: { path: { ref: at }, query: { project, ordinals: [ordinal], max_characters: max } },
        }),
      ),
    placeholderData: before => before,
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
  const problem = found.error as ProblemError | null;
  if (problem)
    return (
      <div className={classes.doc}>
        <Failed title={problem.message} detail={problem.detail} retry={() => found.refetch()} />
      </div>
    );
  const one = found.data?.documents[0];
  if (!one)
    return (
      <div className={classes.doc}>
        <Loading heights={[16, 160]} label="Loading the document" />
      </div>
    );
  const place = one.meta.place ? String(one.meta.place) : null;
  return (
    <article className={classes.doc}>
      <div className={classes.meta}>
        <span className="num">{one.id}</span>
        {place && <span>{place}</span>}
        <span className="num">{bytes(one.num_bytes)}</span>
        {one.group !== one.id && <span>group {one.group}</span>}
      </div>
      <p className={classes.text}>
        {marksIn(one.text, words).map((part, index) =>
          part.isHit ? <mark key={index}>{part.text}</mark> : <Fragment key={index}>{part.text}</Fragment>,
        )}
      </p>
      {one.text.length < one.num_characters && (
        <button type="button" className="btn quiet sm" onClick={() => setMax(max === FIRST ? MORE : max * 4)}>
          Show more of its {count(one.num_characters)} characters
        </button>
      )}
    </article>
  );
}
