// The files that were brought, by kind: size, documents, state, how tables are read, and what cannot be read.
import { Fragment, useState } from 'react';
import type { FileView } from '@/lib/api/schema';
import type { SentFile } from '@/lib/folder-upload';
import { bytes, count, percent } from '@/lib/format';
import classes from './data.module.css';
import { type FileGroup, groupFiles } from './file-groups';
import { MappingEditor, mappingWords } from './mapping-editor';
import type { Mapping } from './order-dataset';

interface FilesTableProps {
  folder: string;
  files: readonly SentFile[];
  /** What has not arrived is on its way, or waits to be. */
  isSending: boolean;
  looks: Readonly<Record<string, FileView>>;
  leftOut: readonly string[];
  onLeaveOut: (path: string, isOut: boolean) => void;
  onMapping: (path: string, mapping: Mapping) => void;
  /** Of a file that did not arrive. */
  onTryAgain: (path: string) => void;
  onRemove: (path: string) => void;
}

export function FilesTable(props: FilesTableProps) {
  const groups = groupFiles(props.files, props.looks);
  return (
    <div className={`card-body ${classes.files}`}>
      <table className="table">
        <thead>
          <tr>
            <th>files</th>
            <th className="r">size</th>
            <th className="r">documents</th>
            <th>state</th>
          </tr>
        </thead>
        <tbody>
          {groups.map(group => (
            <Group key={group.key} group={group} {...props} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Group(props: FilesTableProps & { group: FileGroup }) {
  const { group, isSending, leftOut, onLeaveOut, onMapping, onTryAgain, onRemove } = props;
  const [isMapping, setIsMapping] = useState(false);
  const out = group.files.filter(file => leftOut.includes(file.path));
  const isOut = out.length === group.files.length;
  const failed = group.files.filter(file => file.state === 'failed');
  const text = group.files.length === 1 ? group.table?.text || firstText(group) : '';
  return (
    <Fragment>
      <tr className={isOut ? classes.out : ''}>
        <td>
          <span className={classes.kind}>{group.kind}</span>
          <span className="num">{group.label}</span>
          {text && <p className={classes.peek}>{text.slice(0, 140)}</p>}
        </td>
        <td className="r num">{bytes(group.sizeBytes)}</td>
        <td className="r num">
          {group.numLooked > 0 ? `${group.isEstimate ? 'about ' : ''}${count(group.documents)}` : '–'}
        </td>
        <td>
          <State group={group} isOut={isOut} isSending={isSending} />
          {group.table?.mapping && !isOut && (
            <p className="note">
              {mappingWords(group.table.mapping, group.table.columns.length)}{' '}
              <button
                type="button"
                className="link"
                aria-expanded={isMapping}
                onClick={() => setIsMapping(!isMapping)}
              >
                {isMapping ? 'Close' : 'Change'}
              </button>
            </p>
          )}
        </td>
      </tr>
      {isMapping && group.table && (
        <tr className={classes.fix}>
          <td colSpan={4}>
            <MappingEditor
              look={group.table}
              numFiles={group.files.length}
              onChange={mapping => {
                for (const file of group.files) onMapping(file.path, mapping);
              }}
            />
          </td>
        </tr>
      )}
      {[...group.problems.filter(look => !leftOut.includes(look.name)).slice(0, 5)].map(look => (
        <tr key={look.name} className={classes.fix}>
          <td colSpan={4}>
            <div className={classes.fixBox}>
              <p>
                <b>{look.problem?.message}</b> <span className="muted">{look.problem?.hint}</span>
              </p>
              <button type="button" className="btn sm" onClick={() => onLeaveOut(look.name, true)}>
                Leave out
              </button>
            </div>
          </td>
        </tr>
      ))}
      {failed.slice(0, 5).map(file => (
        <tr key={file.path} className={classes.fix}>
          <td colSpan={4}>
            <div className={classes.fixBox}>
              <p>
                <b>{file.path} did not arrive.</b> <span className="muted">{file.problem}</span>
              </p>
              <button type="button" className="btn sm" onClick={() => onTryAgain(file.path)}>
                Try again
              </button>
              <button type="button" className="btn sm" onClick={() => onRemove(file.path)}>
                Leave out
              </button>
            </div>
          </td>
        </tr>
      ))}
      {failed.length > 1 && (
        <tr className={classes.fix}>
          <td colSpan={4}>
            <p className="note">
              {count(failed.length)} files did not arrive.{' '}
              <button
                type="button"
                className="link"
                onClick={() => {
                  for (const file of failed) onRemove(file.path);
                }}
              >
                Leave them all out
              </button>
            </p>
          </td>
        </tr>
      )}
      {out.length > 0 && (
        <tr className={classes.fix}>
          <td colSpan={4}>
            <p className="note">
              {out.length === 1 ? `${out[0]?.path} is left out.` : `${count(out.length)} files are left out.`}{' '}
              <button
                type="button"
                className="link"
                onClick={() => {
                  for (const file of out) onLeaveOut(file.path, false);
                }}
              >
                Take {out.length === 1 ? 'it' : 'them'} in again
              </button>
            </p>
          </td>
        </tr>
      )}
    </Fragment>
  );
}

function State({ group, isOut, isSending }: { group: FileGroup; isOut: boolean; isSending: boolean }) {
  if (isOut) return <span className="badge">left out</span>;
  if (group.files.every(file => file.state === 'failed'))
    return (
      <span className="badge failed">
        <i />
        did not arrive
      </span>
    );
  if (group.numSent < group.files.length)
    return (
      <>
        <span className="badge">
          {group.files.length > 1
            ? `${count(group.numSent)} of ${count(group.files.length)} arrived`
            : `${percent(group.sentBytes / Math.max(1, group.sizeBytes), 0)} arrived`}
        </span>
        <div
          className={`progress ${isSending ? 'is-live' : ''}`}
          style={
            { '--p': `${(100 * group.sentBytes) / Math.max(1, group.sizeBytes)}%` } as React.CSSProperties
          }
        >
          <i />
        </div>
      </>
    );
  if (group.problems.length === group.files.length)
    return (
      <span className="badge failed">
        <i />
        cannot be read
      </span>
    );
  if (group.numLooked === 0) return <span className="badge">arrived</span>;
  return (
    <span className={`badge ${group.problems.length > 0 ? 'stale' : 'done'}`}>
      <i />
      {group.problems.length > 0
        ? `${count(group.problems.length)} of ${count(group.files.length)} cannot be read`
        : 'can be read'}
    </span>
  );
}

function firstText(group: FileGroup): string {
  return group.table?.text ?? '';
}
