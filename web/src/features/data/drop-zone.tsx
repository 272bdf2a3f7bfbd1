// Where files and folders are dropped or chosen. In: nothing. Out: the files with their paths.
import { type DragEvent, useRef, useState } from 'react';
import type { PickedFile } from '@/lib/folder-upload';
import { filesOfDrop, filesOfInput } from '@/lib/picked-files';
import classes from './data.module.css';

interface DropZoneProps {
  onPick: (files: PickedFile[]) => void;
  isLarge?: boolean;
  isBusy?: boolean;
}

export function DropZone({ onPick, isLarge = false, isBusy = false }: DropZoneProps) {
  const [isOver, setIsOver] = useState(false);
  const files = useRef<HTMLInputElement>(null);
  const folder = useRef<HTMLInputElement>(null);
  const take = (picked: PickedFile[]) => {
    if (picked.length > 0) onPick(picked);
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setIsOver(false);
    void filesOfDrop(event.dataTransfer).then(take);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the buttons inside do the same for the keyboard
    <div
      className={`${classes.drop} ${isLarge ? classes.large : ''} ${isOver ? classes.over : ''}`}
      onDragOver={event => {
        event.preventDefault();
        setIsOver(true);
      }}
      onDragLeave={() => setIsOver(false)}
      onDrop={drop}
    >
      <svg viewBox="0 0 20 20" aria-hidden="true">
        <path d="M10 13V3.500M6.500 7L10 3.500 13.500 7M3.500 13v3.500h13V13" />
      </svg>
      <p>
        {isLarge ? <b>Drop files or folders here. </b> : 'Drop more files or folders here. '}
        <span className="muted">
          PDF, Word, text, Markdown, HTML, csv, jsonl and parquet are read, and archives of these. Nothing
          leaves this machine.
        </span>
      </p>
      <div className="row wrap">
        <button type="button" className="btn sm" disabled={isBusy} onClick={() => files.current?.click()}>
          Choose files
        </button>
        <button type="button" className="btn sm" disabled={isBusy} onClick={() => folder.current?.click()}>
          Choose a folder
        </button>
      </div>
      <input
        ref={files}
        className="sr"
        type="file"
        multiple
        aria-label="Files"
        tabIndex={-1}
        onChange={event => {
          take(filesOfInput(event.target.files));
          event.target.value = '';
        }}
      />
      <input
        ref={folder}
        className="sr"
        type="file"
        aria-label="Folder"
        tabIndex={-1}
        {...{ webkitdirectory: '' }}
        onChange={event => {
          take(filesOfInput(event.target.files));
          event.target.value = '';
        }}
      />
    </div>
  );
}
