// The head of the designer: what it is, how far it is from what it began with, and what can be done: back, keep, take out, train.
import { Menu } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { Document } from './document';
import classes from './page.module.css';
import type { Base } from './use-base';
import type { Designing } from './use-design';

interface HeadProps {
  base: Base;
  project: string;
  numChanges: number;
  document: Document;
  isSound: boolean;
  designing: Designing;
  onSave: () => void;
  onTrain: () => void;
}

const FORMATS: ['yaml' | 'json' | 'hub', string][] = [
  ['yaml', 'YAML'],
  ['json', 'JSON'],
  ['hub', 'config.json of a hub'],
];

export function Head({
  base,
  project,
  numChanges,
  document,
  isSound,
  designing,
  onSave,
  onTrain,
}: HeadProps) {
  const { undo, redo } = designing;
  const title = base.item?.name ?? base.title;
  return (
    <header>
      <p className="crumbs">
        <Link to="/models/design">Models</Link> <span>/</span> <span>{title}</span>
      </p>
      <div className={`page-head ${classes.head}`}>
        <h1 className="title">{title}</h1>
        <span className={`badge ${numChanges ? 'stale' : base.item ? 'done' : ''}`}>
          <i />
          {stateWords(base, numChanges)}
        </span>
        <span className="grow" />
        <button type="button" className="btn quiet" disabled={!undo} onClick={undo}>
          Undo <span className="kbd">Ctrl Z</span>
        </button>
        <button type="button" className="btn quiet" disabled={!redo} onClick={redo}>
          Redo
        </button>
        <Export base={base} project={project} numChanges={numChanges} document={document} />
        <button type="button" className="btn" disabled={!isSound} onClick={onSave}>
          {base.item ? 'Save a version' : 'Save'}
        </button>
        <button type="button" className="btn primary" disabled={!isSound} onClick={onTrain}>
          Train this model
        </button>
      </div>
    </header>
  );
}

function stateWords(base: Base, numChanges: number): string {
  if (numChanges === 0) return base.item ? `saved, v${base.item.version}` : base.note;
  const changes = numChanges === 1 ? '1 change' : `${numChanges} changes`;
  return `draft, ${changes} since ${base.item ? `v${base.item.version}` : base.title}`;
}

/** What is saved is written by the server; a draft goes out as it stands here. */
function Export({
  base,
  project,
  numChanges,
  document,
}: Pick<HeadProps, 'base' | 'project' | 'numChanges' | 'document'>) {
  const isSaved = base.item !== null && numChanges === 0;
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <button type="button" className="btn quiet">
          Export
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        {isSaved ? (
          FORMATS.map(([format, label]) => (
            <Menu.Item
              key={format}
              component="a"
              download
              href={`/api/architectures/${base.item?.name}/versions/${base.item?.version}/export?${new URLSearchParams({ project, format })}`}
            >
              {label}
            </Menu.Item>
          ))
        ) : (
          <Menu.Item
            component="a"
            download="architecture.json"
            href={`data:application/json,${encodeURIComponent(`${JSON.stringify(document, null, 1)}\n`)}`}
          >
            JSON, as it stands; save it for more forms
          </Menu.Item>
        )}
        <Menu.Item onClick={() => navigator.clipboard.writeText(location.href)}>Copy the link</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
