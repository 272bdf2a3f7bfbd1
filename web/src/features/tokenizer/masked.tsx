// A conversation as tokens: tinted is what a model learns to write, untinted and dotted what it only reads.
import type { ChatView } from '@/lib/api/schema';
import { count } from '@/lib/format';
import { CopyButton } from '@/ui/copy-button';
import { TableTwin } from '@/ui/table-twin';
import classes from './chat.module.css';
import { colorsOf } from './film';
import { drawable, TokenMark } from './token-mark';

const MOST_TOKENS = 2_000;

export function Masked({ chat, isWaiting }: { chat: ChatView; isWaiting: boolean }) {
  const all = chat.pieces.flatMap(piece =>
    piece.tokens.map(token => ({ token, isTrained: piece.is_trained })),
  );
  const shown = all.slice(0, MOST_TOKENS);
  const colors = colorsOf(shown.map((_, start) => ({ start })));
  return (
    <div className={`stack ${isWaiting ? classes.waiting : ''}`}>
      <p className="reading" aria-live="polite">
        {count(chat.num_tokens)} tokens, of which a model learns to write {count(chat.num_trained)}.
      </p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a text that scrolls must be reachable by keyboard */}
      <section className={`model ${classes.masked}`} aria-label="The conversation as tokens" tabIndex={0}>
        {shown.map(({ token, isTrained }, index) => {
          const drawn = drawable(token);
          return (
            <span
              key={index}
              className={isTrained ? classes.learned : ''}
              title={`id ${token.id}, ${isTrained ? 'trained on' : 'not trained on'}`}
            >
              <TokenMark {...drawn} color={colors[index] ?? 1} isMasked={!isTrained && !drawn.isSpecial} />
              {token.text.endsWith('\n') ? <br /> : <wbr />}
            </span>
          );
        })}
        {all.length > MOST_TOKENS && (
          <span className="faint"> and {count(all.length - MOST_TOKENS)} more</span>
        )}
      </section>
      <div className="legend">
        <span>
          <span className="tok t1">trained on</span>
        </span>
        <span>
          <span className="tok masked">not trained on</span>
        </span>
        <span>
          <span className="tok special">special</span>
        </span>
      </div>
      <TableTwin label="Tokens of the conversation, as a table">
        {() => (
          <>
            <thead>
              <tr>
                <th className="r">place</th>
                <th>token</th>
                <th className="r">id</th>
                <th>trained on</th>
              </tr>
            </thead>
            <tbody>
              {shown.map(({ token, isTrained }, index) => (
                <tr key={index}>
                  <td className="r num">{index + 1}</td>
                  <td className="model">
                    <TokenMark {...drawable(token)} color={colors[index] ?? 1} />
                  </td>
                  <td className="r num">{token.id}</td>
                  <td>{isTrained ? 'yes' : 'no'}</td>
                </tr>
              ))}
            </tbody>
          </>
        )}
      </TableTwin>
      <CopyButton label="Copy the text" text={chat.text} />
    </div>
  );
}
