// A drawing of an architecture: its parts light up, tell what they are and can be chosen, by mouse, finger and arrow keys. It
// never fetches. In: a drawing, what is chosen. Out: what is looked at and what was chosen.
import { type KeyboardEvent, useRef } from 'react';
import classes from './diagram.module.css';
import type { Box, Drawing, Mark } from './marks';
import { COLORS } from './parts';

export interface Spot {
  id: string;
  name: string;
}

interface DiagramProps {
  drawing: Drawing;
  label: string;
  chosen: Spot | null;
  onLook: (spot: Spot | null) => void;
  onChoose: (spot: Spot) => void;
  isStale?: boolean;
}

export function Diagram({ drawing, label, chosen, onLook, onChoose, isStale = false }: DiagramProps) {
  const svg = useRef<SVGSVGElement>(null);
  const buttons = drawing.marks.flatMap(mark => (mark.type === 'box' && mark.says ? [mark] : []));
  const first = buttons.find(one => isSame(one, chosen)) ?? buttons[0];
  const press = (event: KeyboardEvent) => {
    const by = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    const all = [...(svg.current?.querySelectorAll<SVGGElement>('[role=button]') ?? [])];
    const here = all.indexOf(document.activeElement as unknown as SVGGElement);
    if (by === undefined || here < 0) return;
    event.preventDefault();
    all[Math.min(all.length - 1, Math.max(0, here + by))]?.focus();
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the arrow keys go from part to part, which are buttons
    <div
      className={`${classes.frame} ${isStale ? classes.stale : ''}`}
      onMouseLeave={() => onLook(null)}
      onKeyDown={press}
    >
      {/* biome-ignore lint/a11y/useSemanticElements: a group of buttons inside a picture */}
      <svg
        ref={svg}
        viewBox={`0 0 ${drawing.width} ${Math.ceil(drawing.height)}`}
        role="group"
        aria-label={label}
        className={classes.drawing}
      >
        {drawing.marks.map((mark, index) => (
          <Piece
            key={`${mark.type}-${index}`}
            mark={mark}
            isFirst={mark === first}
            isChosen={mark.type === 'box' && mark.says !== '' && isSame(mark, chosen)}
            onLook={onLook}
            onChoose={onChoose}
          />
        ))}
      </svg>
    </div>
  );
}

export function isSame(mark: Spot, chosen: Spot | null): boolean {
  return chosen !== null && mark.id === chosen.id && mark.name === chosen.name;
}

interface PieceProps {
  mark: Mark;
  isFirst: boolean;
  isChosen: boolean;
  onLook: (spot: Spot | null) => void;
  onChoose: (spot: Spot) => void;
}

function Piece({ mark, isFirst, isChosen, onLook, onChoose }: PieceProps) {
  if (mark.type === 'wire') return <path className={classes.wire} d={mark.d} />;
  if (mark.type === 'arrow')
    return (
      <path
        className={classes.arrow}
        transform={`translate(${mark.x} ${mark.y}) rotate(${mark.turn})`}
        d="M0 0L-6 -3V3z"
      />
    );
  if (mark.type === 'pipe')
    return <rect className={classes.pipe} x={mark.x} y={mark.y} width={mark.w} height={mark.h} rx={5} />;
  if (mark.type === 'frame')
    return <rect className={classes.outline} x={mark.x} y={mark.y} width={mark.w} height={mark.h} rx={8} />;
  if (mark.type === 'join')
    return (
      <g>
        <circle className={classes.plus} cx={mark.x} cy={mark.y} r={mark.r} />
        <text className={classes.sign} x={mark.x} y={mark.y + 4}>
          {mark.sign}
        </text>
      </g>
    );
  if (mark.type === 'text')
    return (
      <text className={classes[mark.look]} x={mark.x} y={mark.y} textAnchor={mark.anchor}>
        {mark.text}
      </text>
    );
  const spot = { id: mark.id, name: mark.name };
  if (!mark.says) return <Matrix mark={mark} isQuiet />;
  return (
    <>
      {/* biome-ignore lint/a11y/useSemanticElements: a part of a picture that can be chosen */}
      <g
        role="button"
        tabIndex={isFirst ? 0 : -1}
        aria-label={mark.says}
        aria-pressed={isChosen}
        className={classes.part}
        onMouseEnter={() => onLook(spot)}
        onFocus={() => onLook(spot)}
        onBlur={() => onLook(null)}
        onClick={() => onChoose(spot)}
        onKeyDown={event => {
          if (event.key !== 'Enter' && event.key !== ' ') return;
          event.preventDefault();
          onChoose(spot);
        }}
      >
        <Matrix mark={mark} isQuiet={false} />
      </g>
      <Labels mark={mark} />
    </>
  );
}

function Matrix({ mark, isQuiet }: { mark: Box; isQuiet: boolean }) {
  const { x, y, w, h, form } = mark;
  const color = `var(--cat-${COLORS[mark.role] ?? 8})`;
  const look = form === 'row' ? classes.row : form === 'chip' ? classes.chip : classes.matrix;
  const sheets = Array.from({ length: mark.behind }, (_, index) => 3 * (mark.behind - index));
  return (
    <g style={form === 'row' ? undefined : { color }} className={isQuiet ? classes.quiet : undefined}>
      {form !== 'row' && w * h < 700 && !isQuiet && (
        <rect className={classes.reach} x={x - 4} y={y - 4} width={w + 8} height={h + 8} />
      )}
      {sheets.map(by => (
        <rect key={by} className={classes.behind} x={x + by} y={y - by} width={w} height={h} />
      ))}
      {form === 'triangle' ? (
        <path className={look} d={`M${x} ${y}V${y + h}H${x + w}z`} />
      ) : (
        <rect className={look} x={x} y={y} width={w} height={h} rx={form === 'chip' ? 10 : 0} />
      )}
      {mark.cuts.map(share => (
        <path key={share} className={classes.cut} d={`M${x + w * share} ${y}v${h}`} />
      ))}
      {mark.isBroken && (
        <path
          className={classes.break}
          d={`M${x + w - 26} ${y + h + 3}l7 -${h + 6}M${x + w - 19} ${y + h + 3}l7 -${h + 6}`}
        />
      )}
    </g>
  );
}

/** Its words stand beside the button, whose name says them in full. */
function Labels({ mark }: { mark: Box }) {
  const { x, y, w, h } = mark;
  const middle = x + w / 2;
  return (
    <g>
      {mark.at === 'above' && (
        <>
          <text className={classes.word} x={middle} y={y - 6 - 3 * mark.behind} textAnchor="middle">
            {mark.label}
          </text>
          <text className={classes.size} x={middle} y={y + h + 14} textAnchor="middle">
            {mark.size}
          </text>
        </>
      )}
      {mark.at === 'inside' && (
        <text className={classes.size} x={middle} y={y + h / 2 + 4} textAnchor="middle">
          {mark.label}
        </text>
      )}
      {mark.at === 'right' && (
        <>
          <text className={classes.word} x={x + w + 10} y={y + h / 2 + (mark.size ? -2 : 4)}>
            {mark.label}
          </text>
          <text className={classes.size} x={x + w + 10} y={y + h / 2 + 12}>
            {mark.size}
          </text>
        </>
      )}
    </g>
  );
}
