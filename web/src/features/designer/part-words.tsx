// A part in words: what it is for, its formula, what it costs, where it is from, and our own code of it.
import { useState } from 'react';
import { bytes, count, percent, short } from '@/lib/format';
import { Failed } from '@/ui/failed';
import { Loading } from '@/ui/loading';
import { COLORS, called, type Part, sheetsOf, turns } from '@/widgets/architecture/parts';
import { useCode } from './calls';
import classes from './picture.module.css';

export function PartWords({ part, matrix }: { part: Part; matrix: string }) {
  const [isOpen, setIsOpen] = useState(false);
  const sheet = sheetsOf(part).find(one => one.name === matrix);
  const figures: [string, string][] = [
    ['parameters', count(part.parameters)],
    ['FLOP a token', short(part.flops_per_token)],
    ...(part.cached_per_token
      ? [['kept in the cache a token', bytes(part.cached_per_token * 2)] as [string, string]]
      : []),
    ...(part.kept_per_token
      ? [['numbers kept for training', short(part.kept_per_token)] as [string, string]]
      : []),
  ];
  return (
    <>
      <p className="reading">
        <i className={classes.key} style={{ background: `var(--cat-${COLORS[part.role] ?? 8})` }} />
        <b>{part.title}.</b> {part.words}
      </p>
      {sheet && (
        <p className="num">
          {called(sheet.name)}: {turns(sheet)}
          {sheet.parameters > 0 && (
            <>
              , {count(sheet.parameters)} parameters
              {part.parameters > sheet.parameters &&
                `, ${percent(sheet.parameters / part.parameters)} of this part`}
            </>
          )}
        </p>
      )}
      {part.formula && <pre className={classes.formula}>{part.formula}</pre>}
      <dl className={classes.figures}>
        {figures.map(([label, value]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {part.source && <p className={`note ${classes.more}`}>{part.source}</p>}
      {part.file && (
        <div className={classes.more}>
          <button type="button" className="btn sm" aria-expanded={isOpen} onClick={() => setIsOpen(!isOpen)}>
            {isOpen ? 'Hide the code' : 'Show the code'}
          </button>{' '}
          <code>{part.file}</code>
          {isOpen && <Code file={part.file} />}
        </div>
      )}
    </>
  );
}

function Code({ file }: { file: string }) {
  const code = useCode(file);
  if (code.error) return <Failed title={code.error.message} retry={() => code.refetch()} />;
  if (!code.data) return <Loading label="Loading the code" heights={[160]} />;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section className={classes.code} tabIndex={0} aria-label={`The file ${file}`}>
      <pre className="code">{code.data.text}</pre>
    </section>
  );
}
