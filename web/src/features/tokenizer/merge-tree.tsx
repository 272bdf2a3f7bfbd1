// How a token was made: its bytes at the bottom, each bracket one merge, the number its place in the list.
import { count } from '@/lib/format';
import { type Film, pieceOf, type Step } from './film';
import classes from './tree.module.css';

const WIDTH = 286;
const LEVEL = 27;
const MOST_BYTES = 40;

interface Node {
  x: number;
  level: number;
}

export function MergeTree({
  film,
  start,
  end,
  steps,
}: {
  film: Film;
  start: number;
  end: number;
  steps: readonly Step[];
}) {
  const leaves = leavesOf(film, start, end);
  if (end - start > MOST_BYTES)
    return (
      <p className="note">It has {end - start} bytes, too many to draw; the table of merges has them all.</p>
    );
  const each = Math.min(34, WIDTH / leaves.length);
  const nodes = new Map<string, Node>();
  leaves.forEach(([from, to], index) => {
    nodes.set(`${from},${to}`, { x: (index + 0.5) * each, level: 0 });
  });
  const brackets = steps.flatMap(step => {
    const left = nodes.get(`${step.start},${step.middle}`);
    const right = nodes.get(`${step.middle},${step.end}`);
    if (!left || !right) return [];
    const made = { x: (left.x + right.x) / 2, level: Math.max(left.level, right.level) + 1 };
    nodes.set(`${step.start},${step.end}`, made);
    return [{ step, left, right, made }];
  });
  const height = Math.max(0, ...brackets.map(one => one.made.level)) * LEVEL + 16;
  const y = (level: number) => height - level * LEVEL;
  const hasBytes = leaves.every(([from, to]) => to - from === 1);
  const label = `${leaves.length} ${hasBytes ? 'bytes' : 'symbols'}, ${brackets.length} merges: ${brackets.map(one => one.step.rank + 1).join(', ')}.`;
  return (
    <svg className={classes.tree} viewBox={`0 0 ${WIDTH} ${height + 46}`} role="img" aria-label={label}>
      {brackets.map(({ step, left, right, made }, index) => {
        const name = count(step.rank + 1);
        const foot = (node: Node) => y(node.level) - (node.level ? 8 : 0);
        return (
          <g key={step.middle} className={index === brackets.length - 1 ? classes.top : ''}>
            <path d={`M${left.x} ${foot(left)}V${y(made.level)}H${right.x}V${foot(right)}`} />
            <rect
              className={classes.ground}
              x={made.x - name.length * 3.3 - 3}
              y={y(made.level) - 7}
              width={name.length * 6.6 + 6}
              height={13}
            />
            <text x={made.x} y={y(made.level) + 4}>
              {name}
            </text>
          </g>
        );
      })}
      {leaves.map(([from, to], index) => {
        const piece = pieceOf(film, from, to);
        const x = (index + 0.5) * each;
        return (
          <g key={from}>
            <rect x={x - each / 2 + 1} y={height + 2} width={each - 2} height={24} rx={2} />
            <text className={classes.letter} x={x} y={height + 19} fontSize={each < 12 ? 10 : 15}>
              {drawn(piece.text)}
            </text>
            {each >= 16 && (
              <text x={x} y={height + 41}>
                {to - from === 1 ? piece.hex : piece.id}
              </text>
            )}
          </g>
        );
      })}
    </svg>
  );
}

/** The symbols that the merges began with. */
function leavesOf(film: Film, start: number, end: number): [number, number][] {
  const inside = film.borders.map(border => border.at).filter(at => at > start && at < end);
  const cuts = [start, ...inside, end];
  return cuts.slice(1).map((to, index) => [cuts[index] ?? start, to]);
}

function drawn(text: string | null): string {
  if (text === null) return '·';
  return text.replaceAll(' ', '␣').replaceAll('\n', '↵').replaceAll('\t', '⇥');
}
