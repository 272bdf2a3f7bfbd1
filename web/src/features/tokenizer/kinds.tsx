// How many bytes a token holds, by kind of text: short texts that every installation has, or one's own, line by line.
import { useMemo } from 'react';
import type { ProblemError } from '@/lib/api/client';
import type { ComparisonRowView } from '@/lib/api/schema';
import { decimals, percent } from '@/lib/format';
import { Failed } from '@/ui/failed';
import { useComparison } from './calls';
import { KindsChart } from './kinds-chart';
import { KindsTable } from './kinds-table';
import classes from './side.module.css';
import { type By, cut } from './state';
import { useSettled } from './use-linked';

const VIEWS: [By, string][] = [
  ['probes', 'Six kinds'],
  ['script', 'Yours by script'],
  ['kind', 'Yours by kind'],
];
const MOST_LINES = 1_000;
const MOST_CHARACTERS = 200_000;
const BYTES = 'known:bytes';
const ALL_LINES = 'all lines';

interface KindsProps {
  project: string;
  refs: string[];
  nameOf: (ref: string) => string;
  text: string;
  isWanted: boolean;
  by: By;
  onBy: (by: By) => void;
}

export function Kinds({ project, refs, nameOf, text, isWanted, by, onBy }: KindsProps) {
  const settled = useSettled(text, 600);
  const lines = useMemo(() => linesOf(settled), [settled]);
  const compared = useComparison(project, refs, lines, isWanted);
  if (refs.length < 2)
    return (
      <p className={`muted ${classes.kinds}`}>
        Add another tokenizer, and both are measured on the same texts.
      </p>
    );
  if (compared.error)
    return (
      <div className={classes.kinds}>
        <Failed
          title={compared.error.message}
          detail={(compared.error as ProblemError).detail}
          retry={() => compared.refetch()}
        />
      </div>
    );
  if (!compared.data) return <div className={`skeleton ${classes.kinds}`} style={{ height: 300 }} />;
  const rows =
    by === 'probes'
      ? compared.data.probes
      : compared.data.rows
          .filter(row => row.by === by || row.by === 'all')
          .map(row => (row.by === 'all' ? { ...row, group: ALL_LINES } : row));
  const coloured = refs.filter(ref => ref !== BYTES);
  const series = refs.map(ref => ({
    ref,
    label: nameOf(ref),
    color: ref === BYTES ? 'var(--cat-8)' : `var(--cat-${coloured.indexOf(ref) + 1})`,
  }));
  return (
    <section className={classes.kinds} aria-labelledby="kinds">
      <div>
        <h2 className="h-pane" id="kinds">
          Bytes per token by kind of text
        </h2>
        <fieldset className={`segmented ${classes.by}`} aria-label="Which texts">
          {VIEWS.map(([view, label]) => (
            <button key={view} type="button" aria-pressed={by === view} onClick={() => onBy(view)}>
              {label}
            </button>
          ))}
        </fieldset>
        <p className="reading">{readingOf(rows, refs[0] ?? '', nameOf)}</p>
        <div className={`legend ${classes.legend}`}>
          {series.map(one => (
            <span key={one.ref}>
              <i style={{ background: one.color }} />
              {one.label}
            </span>
          ))}
        </div>
        <p className="note">
          {by === 'probes'
            ? 'Six short texts a kind, the same in every installation.'
            : 'Each line of your text is one text here.'}{' '}
          The thin line is the middle 95 % when texts are drawn again; it needs five texts.
          {rows.some(row => row.lost_share > 0) &&
            ' Hatched is the share of letters that do not come back: a word that is not known is one token, whatever its length.'}
        </p>
      </div>
      <div>
        <KindsChart rows={rows} series={series} />
        <KindsTable rows={rows} series={series} />
      </div>
    </section>
  );
}

/** The lines of a text with their ends; lines without anything on them are left out. */
function linesOf(text: string): string[] {
  const lines = cut(text, MOST_CHARACTERS).match(/[^\n]*\n|[^\n]+/g) ?? [];
  return lines.filter(line => line.trim() !== '').slice(0, MOST_LINES);
}

/** Above this share of lost letters, bytes per token say nothing: unknown words are one token each. */
const MOST_LOST = 0.02;

/** Where the first tokenizer is at home, and where it is not, in one sentence; and what it cannot read at all. */
function readingOf(
  rows: readonly ComparisonRowView[],
  first: string,
  nameOf: (ref: string) => string,
): string {
  const own = rows.filter(row => row.tokenizer === first && row.group !== ALL_LINES);
  const unread = own.filter(row => row.lost_share > MOST_LOST).sort((a, b) => b.lost_share - a.lost_share);
  const [best, ...rest] = own
    .filter(row => row.lost_share <= MOST_LOST && row.bytes_per_token.value !== null)
    .sort((a, b) => (b.bytes_per_token.value ?? 0) - (a.bytes_per_token.value ?? 0));
  const worst = rest.at(-1);
  const bytes = (row: ComparisonRowView) => decimals(row.bytes_per_token.value ?? 0, 2);
  const lost = unread[0]
    ? `It loses ${percent(unread[0].lost_share, 0)} of the letters of ${unread[0].group}.`
    : '';
  if (!best) return lost || 'There is nothing to measure in an empty text.';
  if (!worst)
    return `${own.length > 1 ? 'Of what it reads, all' : 'All of it'} is ${best.group}: ${nameOf(first)} packs ${bytes(best)} bytes into a token. ${lost}`;
  return `${nameOf(first)} packs ${bytes(best)} bytes into a token of ${best.group}, and ${bytes(worst)} into one of ${worst.group}. ${lost}`;
}
