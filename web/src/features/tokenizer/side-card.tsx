// One tokenizer's cut of the text, with what it costs.
import type { ProblemError } from '@/lib/api/client';
import { count, decimals, short } from '@/lib/format';
import { Failed } from '@/ui/failed';
import { useAbout, useEncoded } from './calls';
import { colorsOf } from './film';
import classes from './side.module.css';
import { drawable, TokenMark } from './token-mark';
import { useSettled } from './use-linked';

const MOST_TOKENS = 1_500;

interface SideCardProps {
  project: string;
  tokenizer: string;
  label: string;
  note: string;
  width: number;
  text: string;
  isFirst: boolean;
  /** Not asked before: a large tokenizer takes seconds to open, and the text at hand comes first. */
  isWanted: boolean;
  onRemove: () => void;
}

export function SideCard(props: SideCardProps) {
  const { project, tokenizer, label, note, width, text, isFirst, isWanted, onRemove } = props;
  const about = useAbout(project, tokenizer, isWanted);
  const encoded = useEncoded(project, tokenizer, useSettled(text, 350), isWanted);
  const tokens = encoded.data?.tokens ?? [];
  const colors = colorsOf(tokens);
  const error = encoded.error ?? about.error;
  return (
    <article aria-label={label}>
      <header>
        <div>
          <h3 className="h-pane">
            {label}
            {isFirst && <span className={`num ${classes.mine}`}>this one</span>}
          </h3>
          <p className="note">{note}</p>
        </div>
        <span className="row">
          {about.data && <span className="tag">{count(about.data.vocab_size)} ids</span>}
          {!isFirst && (
            <button
              type="button"
              className="btn quiet sm icon"
              aria-label={`Remove ${label}`}
              onClick={onRemove}
            >
              ×
            </button>
          )}
        </span>
      </header>
      {error && <Failed title={error.message} detail={(error as ProblemError).detail} />}
      {!error && !encoded.data && <div className="skeleton" style={{ height: 120, marginTop: 12 }} />}
      {!error && encoded.data && (
        <>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a text that scrolls must be reachable by keyboard */}
          <p className={`model ${classes.text}`} tabIndex={0}>
            {tokens.slice(0, MOST_TOKENS).map((token, index) => (
              <span key={index} title={`id ${token.id}`}>
                <TokenMark {...drawable(token)} color={colors[index] ?? 1} />
                {token.text.endsWith('\n') ? <br /> : <wbr />}
              </span>
            ))}
            {tokens.length > MOST_TOKENS && (
              <span className="faint"> and {count(tokens.length - MOST_TOKENS)} more</span>
            )}
            {tokens.length === 0 && <span className="faint">no tokens</span>}
          </p>
          <dl className={classes.figures}>
            <div>
              <dt>tokens</dt>
              <dd>{count(tokens.length)}</dd>
            </div>
            <div>
              <dt>bytes per token</dt>
              <dd>{tokens.length ? decimals(encoded.data.num_bytes / tokens.length, 2) : '–'}</dd>
            </div>
            <div>
              <dt>embedding at {count(width)} wide</dt>
              <dd>{about.data ? short(about.data.vocab_size * width) : '–'}</dd>
            </div>
          </dl>
        </>
      )}
    </article>
  );
}
