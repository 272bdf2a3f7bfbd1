// "Use my own text": a file is dropped, chosen, or a text is pasted; it is sent with progress and becomes a run. The dialog
// never fetches: `send` does, and throws what went wrong; the text that was pasted stays.
import { Modal } from '@mantine/core';
import { type DragEvent, useId, useRef, useState } from 'react';
import { bytes, percent } from '@/lib/format';
import classes from './own-text-dialog.module.css';

export interface SendProgress {
  sentBytes: number;
  totalBytes: number;
  isWaiting: boolean;
}

interface OwnTextDialogProps {
  isOpen: boolean;
  onClose: () => void;
  send: (
    file: File,
    name: string,
    onProgress: (progress: SendProgress) => void,
    signal: AbortSignal,
  ) => Promise<void>;
}

const ENOUGH_CHARACTERS = 20_000;

export function OwnTextDialog({ isOpen, onClose, send }: OwnTextDialogProps) {
  const [file, setFile] = useState<File | null>(null);
  const [text, setText] = useState('');
  const [name, setName] = useState('my-text');
  const [progress, setProgress] = useState<SendProgress | null>(null);
  const [problem, setProblem] = useState<{ title: string; detail: string } | null>(null);
  const [isOver, setIsOver] = useState(false);
  const cancel = useRef<AbortController | null>(null);
  const chooser = useRef<HTMLInputElement>(null);
  const id = useId();
  const chosen = file ?? (text.trim() ? new File([text], `${name}.txt`, { type: 'text/plain' }) : null);
  const isBusy = progress !== null;

  const take = (found: File | undefined) => {
    if (!found) return;
    setFile(found);
    setProblem(null);
    setName(slug(found.name));
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setIsOver(false);
    take(event.dataTransfer.files[0]);
  };
  const start = async () => {
    if (!chosen) return;
    cancel.current = new AbortController();
    setProblem(null);
    setProgress({ sentBytes: 0, totalBytes: chosen.size, isWaiting: false });
    try {
      await send(chosen, name, setProgress, cancel.current.signal);
      setFile(null);
      setText('');
      onClose();
    } catch (error) {
      if (!cancel.current.signal.aborted) setProblem(wordsOf(error));
    }
    setProgress(null);
  };
  const close = () => {
    cancel.current?.abort();
    onClose();
  };

  return (
    <Modal opened={isOpen} onClose={close} title="A model of your own text" centered size="lg">
      <div className="stack">
        <p className="reading">
          A model can only learn what it reads. Give it a book, letters, notes: plain text.
        </p>
        {/* biome-ignore lint/a11y/noStaticElementInteractions: the button inside does the same for the keyboard */}
        <div
          className={`${classes.drop} ${isOver ? classes.over : ''}`}
          onDragOver={event => {
            event.preventDefault();
            setIsOver(true);
          }}
          onDragLeave={() => setIsOver(false)}
          onDrop={drop}
        >
          {file ? (
            <p>
              <b>{file.name}</b> <span className="num muted">{bytes(file.size)}</span>
            </p>
          ) : (
            <p className="muted">Drop a text file here</p>
          )}
          <div className="row">
            <button
              type="button"
              className="btn sm"
              disabled={isBusy}
              onClick={() => chooser.current?.click()}
            >
              {file ? 'Choose another file' : 'Choose a file'}
            </button>
            {file && (
              <button type="button" className="btn quiet sm" disabled={isBusy} onClick={() => setFile(null)}>
                Remove
              </button>
            )}
          </div>
          <input
            ref={chooser}
            className="sr"
            type="file"
            accept=".txt,.md,text/plain,text/markdown"
            aria-label="Text file"
            tabIndex={-1}
            onChange={event => take(event.target.files?.[0])}
          />
        </div>
        {!file && (
          <div className="field">
            <label className="label" htmlFor={`${id}-text`}>
              Or paste text
            </label>
            <textarea
              id={`${id}-text`}
              className={classes.paste}
              rows={5}
              value={text}
              disabled={isBusy}
              onChange={event => setText(event.target.value)}
            />
          </div>
        )}
        {chosen && chosen.size < ENOUGH_CHARACTERS && (
          <p className="note">
            {bytes(chosen.size)} is little. With less than about 20 kB a model learns the text by heart and
            not how to write; 1 MB is a good start.
          </p>
        )}
        <div className="field">
          <label className="label" htmlFor={`${id}-name`}>
            Name of the model
          </label>
          <input
            id={`${id}-name`}
            className="input num"
            value={name}
            disabled={isBusy}
            onChange={event => setName(event.target.value)}
          />
        </div>
        {progress && (
          <div role="status">
            <div
              className="progress is-live"
              style={
                {
                  '--p': `${(100 * progress.sentBytes) / Math.max(progress.totalBytes, 1)}%`,
                } as React.CSSProperties
              }
            >
              <i />
            </div>
            <p className="note">
              {progress.isWaiting ? 'The connection is cut; it goes on from ' : 'Sent '}
              {bytes(progress.sentBytes)} of {bytes(progress.totalBytes)},{' '}
              {percent(progress.sentBytes / Math.max(progress.totalBytes, 1), 0)}
            </p>
          </div>
        )}
        {problem && (
          <div className="finding bad" role="alert">
            <h3 className="h-pane">{problem.title}</h3>
            <p className="muted">{problem.detail}</p>
          </div>
        )}
        <div className="row between dialog-foot">
          <button type="button" className="btn quiet" onClick={close}>
            Cancel
          </button>
          <button
            type="button"
            className="btn primary"
            disabled={!chosen || isBusy || !name.trim()}
            onClick={start}
          >
            Train on this text
          </button>
        </div>
      </div>
    </Modal>
  );
}

/** A file's name as the name of a model: small letters, digits, dashes. */
export function slug(name: string): string {
  const base = name.replace(/\.[a-z0-9]+$/i, '').toLowerCase();
  return (
    base
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-+|-+$/g, '')
      .slice(0, 40) || 'my-text'
  );
}

function wordsOf(error: unknown): { title: string; detail: string } {
  const { message, detail } = error as { message?: string; detail?: string };
  return { title: message || 'The text could not be sent.', detail: detail || 'Try again.' };
}
