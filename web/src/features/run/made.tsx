// What a run was made of and with: what was changed, what came out of each stage, where it was computed, every setting.
import { Link } from '@tanstack/react-router';
import { memo, useState } from 'react';
import type { RunDetail } from '@/lib/api/schema';
import { bytes, count } from '@/lib/format';
import { CopyButton } from '@/ui/copy-button';
import { KindShape } from '@/ui/kind-shape';
import classes from './run.module.css';
import { architectureRef } from './words';

export const Made = memo(function Made({ detail }: { detail: RunDetail }) {
  const [isOpen, setIsOpen] = useState(false);
  const { run, environment } = detail;
  return (
    <section className="card" aria-labelledby="made">
      <div className="card-head">
        <h2 className="h-pane" id="made">
          Made from
        </h2>
        <span className="grow" />
        <button
          type="button"
          className="btn quiet sm"
          aria-expanded={isOpen}
          onClick={() => setIsOpen(!isOpen)}
        >
          {isOpen ? 'Hide settings' : 'All settings'}
        </button>
      </div>
      <dl className={`card-body ${classes.made}`}>
        <dt>recipe</dt>
        <dd>{detail.recipe?.title ?? run.recipe}</dd>
        {(run.changes ?? []).map(change => {
          const [field, ...values] = change.split(' ');
          return (
            <div key={change} className={classes.madeRow}>
              <dt>changed</dt>
              <dd>
                <code>{field}</code> <span className="num">{values.join(' ')}</span>
              </dd>
            </div>
          );
        })}
        {run.continues && (
          <>
            <dt>continues</dt>
            <dd>
              <a className="num" href={`/runs/${run.continues}`}>
                {run.continues}
              </a>
              {run.continues_at != null && <> from step {count(run.continues_at)}</>}
            </dd>
          </>
        )}
        <Architecture detail={detail} />
        {detail.lineage.map(one => (
          <div key={one.name} className={classes.madeRow}>
            <dt>
              <KindShape kind={one.kind} />
            </dt>
            <dd>
              <span>
                {one.name} <span className="faint">{one.kind}</span>
                {one.kind === 'tokenizer' && one.size_bytes !== null && (
                  <>
                    {' '}
                    <Link to="/tokenizer" search={{ ref: one.artifact } as never}>
                      look inside
                    </Link>
                  </>
                )}
              </span>
              <span className="num">
                {one.size_bytes === null ? 'not in the store' : bytes(one.size_bytes)}{' '}
                <span className="faint">{one.artifact.slice(0, 6)}…</span>
              </span>
            </dd>
          </div>
        ))}
        {Object.entries(environment).map(([name, value]) => (
          <div key={name} className={classes.madeRow}>
            <dt>{name}</dt>
            <dd className="num">{String(value)}</dd>
          </div>
        ))}
      </dl>
      {isOpen && (
        <div className="card-body">
          <div className="row between">
            <span className="label">Resolved settings; nothing in them is automatic any more</span>
            <CopyButton text={settingsText(detail)} />
          </div>
          <pre className="code">{settingsText(detail)}</pre>
        </div>
      )}
    </section>
  );
});

/** The model that was trained, opened in the designer: the recipe's own, or an item's version. */
function Architecture({ detail }: { detail: RunDetail }) {
  const from = architectureRef(detail);
  if (!from) return null;
  return (
    <div className={classes.madeRow}>
      <dt>
        <KindShape kind="architecture" />
      </dt>
      <dd>
        <span>
          {from.startsWith('run:') ? '' : `${from.replace(/^\w+:/, '')} `}
          <span className="faint">architecture</span>{' '}
          <Link to="/models/design" search={{ from } as never}>
            look inside
          </Link>
        </span>
      </dd>
    </div>
  );
}

function settingsText(detail: RunDetail): string {
  return JSON.stringify(Object.fromEntries(detail.nodes.map(node => [node.name, node.config])), null, 1);
}
