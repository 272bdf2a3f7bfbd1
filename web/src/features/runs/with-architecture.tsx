// A new run with an architecture from the designer in the place of the recipe's own: where it goes, and what is told of it.
import { Link } from '@tanstack/react-router';
import { count } from '@/lib/format';
import { parted } from '@/lib/training-settings';
import { KindShape } from '@/ui/kind-shape';
import classes from './runs.module.css';

/** Where the recipe's training takes its architecture, as `--set` names it. */
export function architecturePort(nodes: Record<string, { stage: string }>): string | null {
  const train = Object.entries(nodes).find(([, node]) => node.stage === 'train_model');
  return train ? `${train[0]}.architecture` : null;
}

/** The node of that training. */
export function trainingNode(port: string): string {
  return port.slice(0, port.lastIndexOf('.'));
}

interface WithProps {
  architecture: string;
  isPlaced: boolean;
  /** What was planned of its training, as `--set` lines. */
  planned: readonly string[];
  onRecipesTraining: () => void;
}

export function With({ architecture, isPlaced, planned, onRecipesTraining }: WithProps) {
  const [kind, name] = architecture.startsWith('preset:')
    ? ['the preset', architecture.slice('preset:'.length)]
    : ['your architecture', architecture];
  const from = architecture.startsWith('preset:') ? architecture : `item:${architecture}`;
  return (
    <p className={`row ${classes.with}`}>
      <KindShape kind="architecture" />
      <span>
        {isPlaced ? 'With' : 'This recipe trains no model, so it has no place for'} {kind}{' '}
        <Link to="/models/design" search={{ from } as never}>
          {name}
        </Link>
        {isPlaced && planned.length === 0 && '. The recipe’s data and training stay.'}
        {isPlaced && planned.length > 0 && (
          <>
            {' '}
            and its training as it was planned: {words(planned)}. The recipe’s data stay.{' '}
            <button type="button" className="link" onClick={onRecipesTraining}>
              Train as the recipe does
            </button>
          </>
        )}
      </span>
    </p>
  );
}

const TOLD = [
  'steps',
  'batch_size',
  'accumulation',
  'optimizer.kind',
  'optimizer.learning_rate',
  'schedule.kind',
];

/** Those that a person thinks of, in words: `3,520 steps, batch size 128, optimizer muon, learning rate 0.02`. */
function words(planned: readonly string[]): string {
  const values = new Map(planned.map(parted).map(({ field, value }) => [inner(field), value]));
  return TOLD.flatMap(field => {
    const value = values.get(field)?.replaceAll('_', ' ');
    if (value === undefined) return [];
    if (field === 'steps') return [`${count(Number(value))} steps`];
    if (field === 'vocab_size') return [`${count(Number(value))} tokens known`];
    const name = field.endsWith('.kind') ? field.split('.').at(-2) : field.split('.').at(-1);
    return [`${name?.replaceAll('_', ' ')} ${value}`];
  }).join(', ');
}

/** Without the node: `train.optimizer.kind` -> `optimizer.kind`. */
function inner(field: string): string {
  return field.slice(field.indexOf('.') + 1);
}
