// What else a token could have been, with the model's own probabilities; and going on from another one.
import { useState } from 'react';
import { decimals, percent } from '@/lib/format';
import { visible } from '@/widgets/token-text/token-text';
import classes from './playground.module.css';
import type { AnswerToken } from './use-generation';

interface AlternativesProps {
  token: AnswerToken;
  index: number;
  onBranch: (token: { id: number; text: string; probability: number }) => void;
}

export function Alternatives({ token, index, onBranch }: AlternativesProps) {
  const [chosen, setChosen] = useState<number | null>(null);
  const others = token.alternatives.some(one => one.id === token.id)
    ? token.alternatives
    : [...token.alternatives, { id: token.id, text: token.text, probability: token.probability }];
  const rest = Math.max(0, 1 - others.reduce((sum, one) => sum + one.probability, 0));
  const pick = others.find(one => one.id === chosen);
  return (
    <section className={classes.alternatives} aria-label={`Alternatives of token ${index + 1}`}>
      <p className="note">
        Token {index + 1}: <b className="model">{visible(token.text)}</b> was drawn, at a surprise of{' '}
        <span className="num">{decimals(token.surprise, 2)}</span> nats. What else it could have said:
      </p>
      <div role="radiogroup" aria-label="Alternatives">
        {others.map(one => (
          <label
            key={one.id}
            className={`${classes.alternative} ${one.id === token.id ? classes.drawn : ''}`}
          >
            <input
              type="radio"
              name={`alternatives-${index}`}
              checked={(chosen ?? token.id) === one.id}
              onChange={() => setChosen(one.id)}
            />
            <span className="model">{visible(one.text)}</span>
            <span className={classes.bar}>
              <i style={{ width: `${100 * one.probability}%` }} />
            </span>
            <span className="num">{percent(one.probability)}</span>
          </label>
        ))}
        {rest > 0.0005 && (
          <div className={classes.alternative}>
            <span />
            <span className="faint">all others</span>
            <span className={classes.bar}>
              <i className={classes.hollow} style={{ width: `${100 * rest}%` }} />
            </span>
            <span className="num">{percent(rest)}</span>
          </div>
        )}
      </div>
      <div className="row">
        {pick && pick.id !== token.id ? (
          <button type="button" className="btn primary sm" onClick={() => onBranch(pick)}>
            Branch here with “{pick.text.trim() || visible(pick.text)}”
          </button>
        ) : (
          <span className="note">
            Choose another, and the text goes on from there. Probabilities are the model’s own, before
            sampling.
          </span>
        )}
      </div>
    </section>
  );
}
