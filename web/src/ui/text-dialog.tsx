// A dialog that asks for one text: a new name, a confirmation by typing. What was typed stays when it fails.
import { Modal } from '@mantine/core';
import { type FormEvent, useEffect, useId, useState } from 'react';

interface TextDialogProps {
  isOpen: boolean;
  onClose: () => void;
  title: string;
  label: string;
  hint?: string;
  initial?: string;
  /** When given, only this very text may be submitted. */
  expected?: string;
  action: string;
  isDangerous?: boolean;
  submit: (text: string) => Promise<void>;
  describe: (error: unknown) => string;
}

export function TextDialog(props: TextDialogProps) {
  const { isOpen, onClose, title, label, hint, initial = '', expected, action, isDangerous } = props;
  const id = useId();
  const [text, setText] = useState(initial);
  const [problem, setProblem] = useState('');
  const [isBusy, setIsBusy] = useState(false);
  useEffect(() => {
    if (isOpen) {
      setText(initial);
      setProblem('');
    }
  }, [isOpen, initial]);
  const mayGo = text.trim() !== '' && (expected === undefined || text === expected);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (!mayGo || isBusy) return;
    setIsBusy(true);
    try {
      await props.submit(text.trim());
      onClose();
    } catch (error) {
      setProblem(props.describe(error));
    }
    setIsBusy(false);
  };
  return (
    <Modal opened={isOpen} onClose={onClose} title={title} centered>
      <form onSubmit={submit} className="stack">
        <div className={`field ${problem ? 'is-bad' : ''}`}>
          <label className="label" htmlFor={id}>
            {label}
          </label>
          <input
            id={id}
            className="input num"
            data-autofocus
            value={text}
            placeholder={expected ?? ''}
            aria-describedby={`${id}-help`}
            onChange={event => setText(event.target.value)}
          />
          <p className="help" id={`${id}-help`}>
            {problem || hint}
          </p>
        </div>
        <div className="row between">
          <button type="button" className="btn quiet" onClick={onClose}>
            Keep it as it is
          </button>
          <button
            type="submit"
            className={`btn ${isDangerous ? 'danger' : 'primary'}`}
            disabled={!mayGo || isBusy}
          >
            {action}
          </button>
        </div>
      </form>
    </Modal>
  );
}
