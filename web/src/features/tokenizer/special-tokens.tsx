// The special tokens that a tokenizer has, by role, and those to add.
import type { TokenizerAbout } from '@/lib/api/schema';
import classes from './chat.module.css';
import { TokenMark } from './token-mark';

interface SpecialTokensProps {
  about: TokenizerAbout;
  added: readonly [string, string][];
  onChange: (added: [string, string][]) => void;
}

export function SpecialTokens({ about, added, onChange }: SpecialTokensProps) {
  const set = (at: number, pair: [string, string]) =>
    onChange(added.map((one, index) => (index === at ? pair : one)));
  return (
    <section className="card" aria-labelledby="special-tokens">
      <div className="card-head">
        <h2 className="h-pane" id="special-tokens">
          Special tokens
        </h2>
        <span className="grow" />
        <button type="button" className="btn sm" onClick={() => onChange([...added, ['', '']])}>
          Add one
        </button>
      </div>
      <div className="card-body stack">
        {about.special_tokens.length === 0 ? (
          <p className="muted">It has none yet.</p>
        ) : (
          <ul className={classes.specials}>
            {about.special_tokens.slice(0, MOST_SHOWN).map(special => (
              <li key={special.id}>
                <span className="muted">{special.role ?? 'no role'}</span>
                <TokenMark text={special.token} hex="" isSpecial />
                <span className="num faint">{special.id}</span>
              </li>
            ))}
          </ul>
        )}
        {about.special_tokens.length > MOST_SHOWN && (
          <p className="note">and {about.special_tokens.length - MOST_SHOWN} more</p>
        )}
        {added.map(([role, spelling], index) => (
          <div key={index} className={classes.adding}>
            <input
              className="input"
              aria-label={`Role of new special token ${index + 1}`}
              placeholder="role"
              value={role}
              onChange={event => set(index, [event.target.value, spelling])}
            />
            <input
              className="input num"
              aria-label={`Spelling of new special token ${index + 1}`}
              placeholder="<|spelling|>"
              value={spelling}
              onChange={event => set(index, [role, event.target.value])}
            />
            <button
              type="button"
              className="btn quiet icon"
              aria-label={`Remove new special token ${index + 1}`}
              onClick={() => onChange(added.filter((_, at) => at !== index))}
            >
              ×
            </button>
          </div>
        ))}
        <p className="note">
          A role says what a token is for. Text never becomes a special token: only programs and templates
          write one.
        </p>
      </div>
    </section>
  );
}

const MOST_SHOWN = 20;
