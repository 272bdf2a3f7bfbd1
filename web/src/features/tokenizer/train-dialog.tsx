// A new tokenizer: from which text, of what kind, how large, under which name.
import { Modal } from '@mantine/core';
import { useState } from 'react';
import type { ItemView } from '@/lib/api/schema';
import { Failed } from '@/ui/failed';
import classes from './page.module.css';
import { KINDS, type Kind, nameProblem, PLAYS, trainDocument } from './train';
import { useOrder } from './use-order';

interface TrainDialogProps {
  isOpen: boolean;
  onClose: () => void;
  project: string;
  datasets: readonly ItemView[];
  onStarted: (run: string) => void;
}

const LEAST = 260;
const MOST = 1_000_000;

export function TrainDialog({ isOpen, onClose, project, datasets, onStarted }: TrainDialogProps) {
  const [name, setName] = useState('');
  const [text, setText] = useState('');
  const [kind, setKind] = useState<Kind>('byte_bpe');
  const [size, setSize] = useState('4096');
  const { order, problem, isBusy } = useOrder(project, onStarted);
  const refs = datasets.filter(one => one.is_present).map(one => `dataset/${one.name}`);
  const chosen = text || refs[0] || PLAYS;
  const vocabSize = Number(size);
  const isSized = Number.isInteger(vocabSize) && vocabSize >= LEAST && vocabSize <= MOST;
  const wrong = nameProblem(name);
  const usual = `${chosen.replace('dataset/', '')}-${size}`;
  const submit = async () => {
    if (await order(trainDocument({ name: name || usual, text: chosen, kind, vocabSize }))) onClose();
  };
  return (
    <Modal opened={isOpen} onClose={onClose} title="A new tokenizer" size="lg" centered>
      <form
        className="stack"
        onSubmit={event => {
          event.preventDefault();
          void submit();
        }}
      >
        <div className={classes.dialog}>
          <label className="field">
            <span className="label">Learn from</span>
            <select
              className="select"
              data-autofocus
              value={chosen}
              onChange={event => setText(event.target.value)}
            >
              {refs.map(ref => (
                <option key={ref} value={ref}>
                  {ref.replace('dataset/', '')}
                </option>
              ))}
              <option value={PLAYS}>Shakespeare’s plays, the sample text</option>
            </select>
          </label>
          <label className={`field ${wrong ? 'is-bad' : ''}`}>
            <span className="label">Name</span>
            <input
              className="input num"
              placeholder={usual}
              value={name}
              onChange={event => setName(event.target.value)}
            />
            <span className="help">{wrong || 'Under this name it is found again.'}</span>
          </label>
          <label className="field">
            <span className="label">Kind</span>
            <select className="select" value={kind} onChange={event => setKind(event.target.value as Kind)}>
              {KINDS.map(([id, title]) => (
                <option key={id} value={id}>
                  {title}
                </option>
              ))}
            </select>
            <span className="help">{KINDS.find(([id]) => id === kind)?.[2]}</span>
          </label>
          <label className={`field ${isSized ? '' : 'is-bad'}`}>
            <span className="label">Tokens in the vocabulary</span>
            <input
              className="input num"
              inputMode="numeric"
              value={size}
              onChange={event => setSize(event.target.value)}
            />
            <span className="help">
              {isSized
                ? kind === 'byte_bpe'
                  ? 'Fewer for a small text: one merge for each 100 bytes.'
                  : 'At most that many.'
                : `A whole number from ${LEAST} to 1,000,000.`}
            </span>
          </label>
        </div>
        {problem && <Failed title={problem.message} detail={problem.detail} />}
        <div className="row between dialog-foot">
          <button type="button" className="btn quiet" onClick={onClose}>
            Not now
          </button>
          <button type="submit" className="btn primary" disabled={!isSized || wrong !== '' || isBusy}>
            {isBusy ? 'Planning' : 'Train it'}
          </button>
        </div>
      </form>
    </Modal>
  );
}
