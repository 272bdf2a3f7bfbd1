// A new run with an architecture from the designer in the place of the recipe's own: where it goes, and what is told of it.
import { Link } from '@tanstack/react-router';
import { KindShape } from '@/ui/kind-shape';
import classes from './runs.module.css';

/** Where the recipe's training takes its architecture, as `--set` names it. */
export function architecturePort(nodes: Record<string, { stage: string }>): string | null {
  const train = Object.entries(nodes).find(([, node]) => node.stage === 'train_model');
  return train ? `${train[0]}.architecture` : null;
}

export function With({ architecture, isPlaced }: { architecture: string; isPlaced: boolean }) {
  const [kind, name] = architecture.startsWith('preset:')
    ? ['the preset', architecture.slice('preset:'.length)]
    : ['your architecture', architecture];
  const from = architecture.startsWith('preset:') ? architecture : `item:${architecture}`;
  return (
    <p className={`row wrap ${classes.with}`}>
      <KindShape kind="architecture" />
      <span>
        {isPlaced ? 'With' : 'This recipe trains no model, so it has no place for'} {kind}{' '}
        <Link to="/models/design" search={{ from } as never}>
          {name}
        </Link>
        {isPlaced && '. The recipe’s data and training stay.'}
      </span>
    </p>
  );
}
