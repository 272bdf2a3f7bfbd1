// What the settings build: the model, a block or one matrix, and what is looked at in words, with its figures and its code.
import { type ReactNode, useState } from 'react';
import { count, short } from '@/lib/format';
import { TableTwin } from '@/ui/table-twin';
import { Diagram, isSame, type Spot } from '@/widgets/architecture/diagram';
import { layoutBlock } from '@/widgets/architecture/layout-block';
import { layoutMatrix, sheetNamed } from '@/widgets/architecture/layout-matrix';
import { layoutModel } from '@/widgets/architecture/layout-model';
import { blockOf, type Design, type Part, partOf } from '@/widgets/architecture/parts';
import { PartWords } from './part-words';
import classes from './picture.module.css';
import type { DesignState, View } from './state';

interface PictureProps {
  design: Design;
  state: DesignState;
  isStale: boolean;
  onChange: (fields: Partial<DesignState>) => void;
}

const VIEWS: [View, string][] = [
  ['model', 'Model'],
  ['block', 'Block'],
  ['matrix', 'Matrix'],
];
const SCALES: Record<View, string> = {
  model: 'Every matrix at one scale: a side is the root of its size. Choose a block to open it.',
  block:
    'Every matrix at one scale: a side is the root of its size, heads are stripes. Choose one twice to come near.',
  matrix: 'In its real proportions.',
};

export function Picture({ design, state, isStale, onChange }: PictureProps) {
  const [looked, setLooked] = useState<Spot | null>(null);
  const layer = Math.min(state.layer, design.layers - 1);
  const chosen = state.part ? { id: state.part, name: state.matrix } : null;
  const shown = partOf(design, state.part) ?? firstOf(design, layer);
  const spot = looked ?? chosen;
  const isPassing = looked !== null && !isSame(looked, chosen);
  const part = spot ? partOf(design, spot.id) : undefined;
  const choose = ({ id, name }: Spot) => {
    const block = /^block\.(\d+)$/.exec(id)?.[1];
    if (block !== undefined) onChange({ view: 'block', layer: Number(block), part: '', matrix: '' });
    else if (state.part === id && state.matrix === name && state.view === 'block')
      onChange({ view: 'matrix' });
    else onChange({ part: id, matrix: name });
  };
  const drawing =
    state.view === 'model' || !shown
      ? layoutModel(design)
      : state.view === 'block'
        ? layoutBlock(design, layer)
        : layoutMatrix(design, shown, state.matrix);
  return (
    <section className={`card ${classes.picture}`} aria-labelledby="builds">
      <div className="card-head">
        <h2 className="h-pane" id="builds">
          What that builds
        </h2>
        <span className="grow" />
        {state.view === 'block' && design.layers > 1 && (
          <Stepper layer={layer} layers={design.layers} onChange={next => onChange({ layer: next })} />
        )}
        <fieldset className="segmented" aria-label="How near">
          {VIEWS.map(([view, label]) => (
            <button
              key={view}
              type="button"
              aria-pressed={state.view === view}
              onClick={() => onChange({ view })}
            >
              {label}
            </button>
          ))}
        </fieldset>
      </div>
      <Diagram
        drawing={drawing}
        label={labelOf(state.view, design, layer, shown)}
        chosen={chosen}
        onLook={setLooked}
        onChoose={choose}
        isStale={isStale}
      />
      {state.view === 'matrix' && shown && (
        <Others part={shown} chosen={state.matrix} design={design} layer={layer} onChange={onChange} />
      )}
      <div
        className={`${classes.words} ${spot ? classes.near : ''} ${isPassing ? classes.passing : ''}`}
        aria-live="polite"
      >
        {part ? (
          <PartWords part={part} matrix={spot?.name ?? ''} />
        ) : (
          <p className="reading">{spot ? blockWords(design, spot.id) : summary(design)}</p>
        )}
      </div>
      <div className={classes.twin}>
        <p className="note">{SCALES[state.view]}</p>
        <TableTwin label="Every matrix of the model">
          {() => <Rows design={design} layer={layer} />}
        </TableTwin>
      </div>
    </section>
  );
}

function Stepper({
  layer,
  layers,
  onChange,
}: {
  layer: number;
  layers: number;
  onChange: (layer: number) => void;
}) {
  return (
    <span className="row">
      <button
        type="button"
        className="btn icon sm"
        aria-label="Block before"
        disabled={layer === 0}
        onClick={() => onChange(layer - 1)}
      >
        −
      </button>
      <span className="num note">
        {layer + 1} of {layers}
      </span>
      <button
        type="button"
        className="btn icon sm"
        aria-label="Block after"
        disabled={layer >= layers - 1}
        onClick={() => onChange(layer + 1)}
      >
        +
      </button>
    </span>
  );
}

function firstOf(design: Design, layer: number): Part | undefined {
  return blockOf(design.parts, layer).find(part => part.role === 'attention') ?? design.parts[0];
}

function labelOf(view: View, design: Design, layer: number, part: Part | undefined): string {
  if (view === 'model') return `The whole model: ${design.layers} blocks`;
  return view === 'block' ? `Block ${layer + 1} of ${design.layers}` : `A matrix of: ${part?.title ?? ''}`;
}

function summary(design: Design): string {
  const blocks = design.layers === 1 ? 'one block' : `${design.layers} blocks`;
  return `A stream of ${count(design.width)} numbers for each token runs through ${blocks}. Each block reads the stream, works, and adds its answer back. Point at any part to see what it is for.`;
}

function blockWords(design: Design, id: string): string {
  const layer = Number(id.split('.')[1] ?? 0);
  const parts = blockOf(design.parts, layer);
  const total = parts.reduce((sum, part) => sum + part.parameters, 0);
  return `Block ${layer + 1} has ${short(total)} parameters. Choose it to open it.`;
}

interface OthersProps {
  part: Part;
  chosen: string;
  design: Design;
  layer: number;
  onChange: (fields: Partial<DesignState>) => void;
}

/** The way from one matrix to the next without going back. */
function Others({ part, chosen, design, layer, onChange }: OthersProps) {
  const parts = [...design.parts.filter(one => one.layer === null), ...blockOf(design.parts, layer)].filter(
    one => one.matrices.length > 0,
  );
  const value = `${part.id} ${sheetNamed(part, chosen)?.name ?? ''}`;
  return (
    <label className={`row ${classes.others}`}>
      <span className="label">Matrix</span>
      <select
        className="select num"
        value={value}
        onChange={event => {
          const [id = '', name = ''] = event.target.value.split(' ');
          onChange({ part: id, matrix: name });
        }}
      >
        {parts.map(one => (
          <optgroup key={one.id} label={one.title}>
            {one.matrices.map(matrix => (
              <option key={matrix.name} value={`${one.id} ${matrix.name}`}>
                {matrix.name} {matrix.shape.length ? `[${matrix.shape.join(', ')}]` : ''}
              </option>
            ))}
          </optgroup>
        ))}
      </select>
    </label>
  );
}

function Rows({ design, layer }: { design: Design; layer: number }): ReactNode {
  const ends = design.parts.filter(part => part.layer === null);
  const block = blockOf(design.parts, layer);
  const at = ends.findIndex(part => part.role === 'norm' || part.role === 'head');
  const parts = [...ends.slice(0, at), ...block, ...ends.slice(at)];
  return (
    <>
      <thead>
        <tr>
          <th>part</th>
          <th>matrix</th>
          <th className="r">shape</th>
          <th className="r">parameters</th>
          <th className="r">FLOP a token</th>
        </tr>
      </thead>
      <tbody>
        {parts.flatMap(part =>
          part.matrices.map(matrix => (
            <tr key={`${part.id} ${matrix.name}`}>
              <td>
                {part.title}
                {part.layer !== null && <span className="faint"> in block {layer + 1}</span>}
              </td>
              <td className="num">{matrix.name}</td>
              <td className="num r">
                {matrix.shape.length ? matrix.shape.map(count).join(' × ') : 'no weight'}
              </td>
              <td className="num r">{count(matrix.parameters)}</td>
              <td className="num r">{count(matrix.flops_per_token)}</td>
            </tr>
          )),
        )}
      </tbody>
    </>
  );
}
