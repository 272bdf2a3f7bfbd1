// Text is pasted and gets a name; it becomes a dataset.
import { Modal } from '@mantine/core';
import { useState } from 'react';
import { bytes } from '@/lib/format';
import classes from './data.module.css';

interface PasteDialogProps {
  isOpen: boolean;
  onClose: () => void;
  onMake: (name: string, text: string) => Promise<void>;
}

export function PasteDialog({ isOpen, onClose, onMake }: PasteDialogProps) {
  const [text, setText] = useState('');
  const [name, setName] = useState('pasted');
  const isReady = text.trim() !== '' && name.trim() !== '';
  return (
    <Modal opened={isOpen} onClose={onClose} title="Paste text" centered size="lg">
      <form
        className="stack"
        onSubmit={event => {
          event.preventDefault();
          if (isReady) void onMake(name.trim(), text).then(onClose);
        }}
      >
        <label className="field">
          <span className="label">
            <span>Text</span>
            <span className="num faint">{bytes(new TextEncoder().encode(text).length)}</span>
          </span>
          <textarea
            className={`input ${classes.paste}`}
            rows={9}
            data-autofocus
            value={text}
            onChange={event => setText(event.target.value)}
          />
        </label>
        <label className="field">
          <span className="label">Name of the dataset</span>
          <input className="input num" value={name} onChange={event => setName(event.target.value)} />
        </label>
        <div className="row between dialog-foot">
          <button type="button" className="btn quiet" onClick={onClose}>
            Cancel
          </button>
          <button type="submit" className="btn primary" disabled={!isReady}>
            Make a dataset of it
          </button>
        </div>
      </form>
    </Modal>
  );
}
