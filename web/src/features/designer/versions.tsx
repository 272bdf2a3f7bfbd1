// The versions of an architecture, the newest first: its notes, what changed from one to the next, each to open, to compare, to take out.

import { useState } from 'react';
import type { ProblemError } from '@/lib/api/client';
import { count, short, when } from '@/lib/format';
import { Failed } from '@/ui/failed';
import { Loading } from '@/ui/loading';
import { useDifference, useItem } from './calls';
import { asText } from './document';
import classes from './versions.module.css';

interface VersionsProps {
  project: string;
  name: string;
  version: number;
  onOpen: (ref: string) => void;
  onBeside: (ref: string) => void;
}

export function Versions({ project, name, version, onOpen, onBeside }: VersionsProps) {
  const item = useItem(project, name);
  const [compared, setCompared] = useState(0);
  if (item.error)
    return (
      <Failed
        title={item.error.message}
        detail={(item.error as ProblemError).detail}
        retry={() => item.refetch()}
      />
    );
  if (!item.data) return <Loading label="Loading the versions" heights={[80]} />;
  const versions = item.data.versions;
  return (
    <section className={`card ${classes.versions}`} aria-labelledby="versions">
      <div className="card-head">
        <h2 className="h-pane" id="versions">
          Versions of {name}
        </h2>
      </div>
      <ol className="card-body">
        {versions.map((one, index) => {
          const before = versions[index + 1];
          const ref = `item:${name}@${one.version}`;
          return (
            <li key={one.version} data-shown={one.version === version || undefined}>
              <button
                type="button"
                className="link"
                aria-current={one.version === version ? 'true' : undefined}
                onClick={() => onOpen(ref)}
              >
                v{one.version}
              </button>
              <span className="note">{when(one.created_at)}</span>
              <span className={classes.note}>{one.note || <span className="faint">no note</span>}</span>
              <span className={classes.ways}>
                {before && (
                  <button
                    type="button"
                    className="link note"
                    aria-expanded={compared === one.version}
                    onClick={() => setCompared(compared === one.version ? 0 : one.version)}
                  >
                    {compared === one.version ? 'Hide what changed' : `What changed since v${before.version}`}
                  </button>
                )}
                <button type="button" className="link note" onClick={() => onBeside(ref)}>
                  Put beside
                </button>
              </span>
              {compared === one.version && before && (
                <Difference project={project} name={name} from={before.version} to={one.version} />
              )}
            </li>
          );
        })}
      </ol>
    </section>
  );
}

function Difference({
  project,
  name,
  from,
  to,
}: {
  project: string;
  name: string;
  from: number;
  to: number;
}) {
  const found = useDifference(project, name, String(from), String(to));
  if (found.error) return <Failed title={found.error.message} retry={() => found.refetch()} />;
  if (!found.data) return <Loading label="Comparing" heights={[48]} />;
  const { changes, parameters } = found.data;
  return (
    <table className={`table ${classes.difference}`}>
      <thead>
        <tr>
          <th>setting</th>
          <th>v{from}</th>
          <th>v{to}</th>
        </tr>
      </thead>
      <tbody>
        {changes.map(change => (
          <tr key={change.path}>
            <td>{change.path}</td>
            <td className="num">{shown(change.before)}</td>
            <td className="num">{shown(change.after)}</td>
          </tr>
        ))}
        {parameters.before !== null && parameters.after !== null && (
          <tr>
            <td>parameters</td>
            <td className="num">{short(parameters.before)}</td>
            <td className="num">{short(parameters.after)}</td>
          </tr>
        )}
      </tbody>
    </table>
  );
}

function shown(value: unknown): string {
  return typeof value === 'number' && Number.isInteger(value) ? count(value) : asText(value) || '–';
}
