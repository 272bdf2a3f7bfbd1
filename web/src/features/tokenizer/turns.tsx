// The turns of a conversation, to be changed.
import classes from './chat.module.css';
import { ROLES, type Turn } from './conversation';

export function Turns({ turns, onChange }: { turns: readonly Turn[]; onChange: (turns: Turn[]) => void }) {
  const set = (at: number, fields: Partial<Turn>) =>
    onChange(turns.map((turn, index) => (index === at ? { ...turn, ...fields } : turn)));
  const next = turns.at(-1)?.role === 'user' ? 'assistant' : 'user';
  return (
    <div className="card-body stack">
      <ol className={classes.turns}>
        {turns.map((turn, index) => (
          <li key={index}>
            <select
              className="select"
              aria-label={`Role of turn ${index + 1}`}
              value={turn.role}
              onChange={event => set(index, { role: event.target.value })}
            >
              {ROLES.map(role => (
                <option key={role} value={role}>
                  {role}
                </option>
              ))}
            </select>
            <textarea
              className={classes.words}
              aria-label={`Words of turn ${index + 1}`}
              rows={Math.min(6, turn.content.split('\n').length)}
              value={turn.content}
              onChange={event => set(index, { content: event.target.value })}
            />
            <button
              type="button"
              className="btn quiet icon"
              aria-label={`Remove turn ${index + 1}`}
              onClick={() => onChange(turns.filter((_, at) => at !== index))}
            >
              ×
            </button>
          </li>
        ))}
      </ol>
      {turns.length === 0 && <p className="muted">A conversation without a turn.</p>}
      <button
        type="button"
        className="btn sm"
        onClick={() => onChange([...turns, { role: next, content: '' }])}
      >
        Add a turn
      </button>
    </div>
  );
}
