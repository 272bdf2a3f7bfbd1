// The answers that came of branching, to go back to.

import classes from './playground.module.css';
import type { Answer } from './use-generation';

export interface Branch {
  label: string;
  answer: Answer;
}

interface BranchesProps {
  branches: readonly Branch[];
  current: Answer;
  onShow: (answer: Answer) => void;
}

export function Branches({ branches, current, onShow }: BranchesProps) {
  return (
    <div className={classes.branches}>
      <span className="label">Branches</span>
      <ol>
        {branches.map((branch, index) => (
          <li key={`${branch.label}${index}`}>
            <button
              type="button"
              className={branch.answer.tokens === current.tokens ? classes.here : ''}
              aria-pressed={branch.answer.tokens === current.tokens}
              onClick={() => onShow(branch.answer)}
            >
              {branch.label}, {branch.answer.tokens.length} tokens
            </button>
          </li>
        ))}
      </ol>
    </div>
  );
}
