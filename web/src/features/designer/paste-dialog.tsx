// An architecture from text: YAML, JSON, a hub's config.json, pasted or dropped. In: text. Out: a document and what was left out.
import { Modal } from '@mantine/core';
import { type DragEvent, useEffect, useState } from 'react';
import type { ProblemError } from '@/lib/api/client';
import { importText } from './calls';
import classes from './dialogs.module.css';
import type { Document } from './document';

interface PasteProps {
  isOpen: boolean;
  /** What was dropped on the page. */
  given: string;
  onClose: () => void;
  onRead: (document: Document, notes: readonly string[]) => void;
}

export function PasteDialog({ isOpen, given, onClose, onRead }: PasteProps) {
  const [text, setText] = useState(given);
  const [problem, setProblem] = useState<ProblemError | null>(null);
  const [isBusy, setIsBusy] = useState(false);
  useEffect(() => {
    if (!isOpen) return;
    setText(given);
    setProblem(null);
  }, [isOpen, given]);
  const read = async () => {
    setIsBusy(true);
    setProblem(null);
    try {
      const found = await importText(text);
      onRead(found.document, found.notes);
      onClose();
    } catch (error) {
      setProblem(error as ProblemError);
    }
    setIsBusy(false);
  };
  return (
    <Modal opened={isOpen} onClose={onClose} title="An architecture from text" size="lg" centered>
      <form
        className="stack"
        onSubmit={event => {
          event.preventDefault();
          void read();
        }}
      >
        <p className="muted">
          YAML or JSON as Glassworks writes it, or the <code>config.json</code> of a model from a hub. It is
          recognized by itself.
        </p>
        <textarea
          className={`input num ${classes.text}`}
          aria-label="The text"
          data-autofocus
          rows={12}
          placeholder={'width: 256\nlayers: 6\nattention: {kind: grouped, heads: 4}'}
          value={text}
          onChange={event => setText(event.target.value)}
          onDragOver={event => event.preventDefault()}
          onDrop={async event => {
            const dropped = await textOf(event);
            if (dropped !== null) setText(dropped);
          }}
        />
        <label className="note">
          or choose a file{' '}
          <input
            type="file"
            accept=".json,.yaml,.yml,application/json"
            onChange={async event => setText((await event.target.files?.[0]?.text()) ?? text)}
          />
        </label>
        {problem && (
          <div className="finding bad" role="alert">
            <h3 className="h-pane">{problem.message}</h3>
            <p className="muted">{problem.detail}</p>
          </div>
        )}
        <div className="row between dialog-foot">
          <button type="button" className="btn quiet" onClick={onClose}>
            Not now
          </button>
          <button type="submit" className="btn primary" disabled={isBusy || text.trim() === ''}>
            Start from this text
          </button>
        </div>
      </form>
    </Modal>
  );
}

/** The text of a dropped file, or of dropped text; null when neither was dropped. */
export async function textOf(event: DragEvent): Promise<string | null> {
  event.preventDefault();
  const file = event.dataTransfer.files[0];
  return file ? file.text() : event.dataTransfer.getData('text/plain') || null;
}
