// Keeping a design under a name: a first version, or a further one, with a note on what changed.
import { Modal } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { ProblemError } from '@/lib/api/client';
import type { ArchitectureDetail } from '@/lib/api/schema';
import { save, useItem, useItems } from './calls';
import classes from './dialogs.module.css';
import type { Document } from './document';

interface SaveProps {
  isOpen: boolean;
  /** What comes after saving. */
  action: string;
  project: string;
  document: Document;
  /** Of which item it is a further version. */
  name: string;
  note: string;
  onClose: () => void;
  onSaved: (detail: ArchitectureDetail) => void;
}

export function SaveDialog(props: SaveProps) {
  const { isOpen, action, project, document, onClose, onSaved } = props;
  const client = useQueryClient();
  const [name, setName] = useState(props.name);
  const [note, setNote] = useState(props.note);
  const [problem, setProblem] = useState<ProblemError | null>(null);
  const [isBusy, setIsBusy] = useState(false);
  const items = useItems(project);
  const taken = items.data?.items.find(one => one.name === name.trim());
  const current = useItem(project, isOpen && taken ? taken.name : null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: opened anew it begins anew
  useEffect(() => {
    setName(props.name);
    setNote(props.note);
    setProblem(null);
  }, [isOpen]);
  const go = async () => {
    setIsBusy(true);
    setProblem(null);
    try {
      const etag = taken ? (current.data?.etag ?? null) : null;
      const saved = await save({ project, name: name.trim(), document, note: note.trim() }, etag);
      await client.invalidateQueries({ queryKey: ['architectures'] });
      await client.invalidateQueries({ queryKey: ['architecture-item'] });
      onSaved(saved);
      onClose();
    } catch (error) {
      setProblem(error as ProblemError);
      void current.refetch();
    }
    setIsBusy(false);
  };
  return (
    <Modal opened={isOpen} onClose={onClose} title="Save this architecture" centered>
      <form
        className="stack"
        onSubmit={event => {
          event.preventDefault();
          void go();
        }}
      >
        <label className="field">
          <span className="label">Name</span>
          <input
            className="input num"
            data-autofocus
            value={name}
            placeholder="my-model"
            onChange={event => setName(event.target.value)}
          />
          <span className="help">
            {taken
              ? `It becomes version ${taken.num_versions + 1} of ${taken.name}.`
              : 'A new name begins with version 1.'}
          </span>
        </label>
        <label className="field">
          <span className="label">What changed</span>
          <textarea
            className={`input ${classes.note}`}
            rows={2}
            value={note}
            placeholder="one block more"
            onChange={event => setNote(event.target.value)}
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
          <button
            type="submit"
            className="btn primary"
            disabled={isBusy || name.trim() === '' || (taken !== undefined && current.isPending)}
          >
            {action}
          </button>
        </div>
      </form>
    </Modal>
  );
}
