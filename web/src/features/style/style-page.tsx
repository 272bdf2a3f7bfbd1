// The style page: every part of the interface in every state, in the theme that is chosen.
import { useState } from 'react';
import { CopyButton } from '@/ui/copy-button';
import { Failed } from '@/ui/failed';
import { KindShape } from '@/ui/kind-shape';
import { Mark } from '@/ui/mark';
import { TimeChart } from '@/ui/time-chart';
import { WorkBadge } from '@/ui/work-badge';
import { LossCurve } from '@/widgets/loss-curve/loss-curve';
import { Sparkline } from '@/widgets/sparkline/sparkline';
import { TokenText } from '@/widgets/token-text/token-text';
import { Part } from './part';
import { PartsThatOpen } from './parts-that-open';
import classes from './style.module.css';

const STATES = [
  'waiting',
  'queued',
  'running',
  'stopping',
  'done',
  'reused',
  'stopped',
  'interrupted',
  'failed',
  'stale',
];
const KINDS = [
  'dataset',
  'tokenizer',
  'tokens',
  'architecture',
  'checkpoint',
  'evaluation',
  'description',
  'text_index',
  'flow',
  'export',
];
const SURFACES = [
  '--bg',
  '--surface',
  '--raised',
  '--sunken',
  '--line',
  '--line-2',
  '--line-3',
  '--ink-3',
  '--ink-2',
  '--ink',
];
const ACCENTS = [
  '--glass',
  '--glass-soft',
  '--glass-line',
  '--molten',
  '--molten-text',
  '--molten-hot',
  '--ok',
  '--warn',
  '--bad',
];
const CATEGORIES = [1, 2, 3, 4, 5, 6, 7, 8].map(number => `--cat-${number}`);
const CURVE = Array.from({ length: 240 }, (_, i) => ({
  step: i * 5 + 1,
  loss: 3.6 + 4 * Math.exp(-i / 30) + 0.08 * Math.sin(i * 1.7),
}));
const WORDS = ['Where', 'fore', ' should', ' the', ' glass', 'blower', '\n', 'wait', '?'];
const TOKENS = WORDS.map((text, id) => ({
  id,
  text,
  probability: [0.9, 0.7, 0.4, 0.2, 0.08, 0.02, 0.5, 0.05, 0.8][id] ?? 0,
}));

export function StylePage() {
  const [pressed, setPressed] = useState('Linear');
  const [selected, setSelected] = useState<number | null>(null);
  const [value, setValue] = useState(80);
  const [zoom, setZoom] = useState<[number, number] | null>(null);
  return (
    <>
      <div className="page-head">
        <h1 className="title">Parts of the interface</h1>
      </div>
      <div className={classes.parts}>
        <Part name="Mark">
          <span className={classes.mark}>
            <Mark />
          </span>
        </Part>
        <Part name="Type: teacher, bench, model">
          <p className={`teacher ${classes.display}`}>Watch it learn</p>
          <p className="reading">One head has learned to copy what came after.</p>
          <p className="title">stories-30m</p>
          <p>Divide the scores by the square root of the width</p>
          <p className="num">step 3,812 · loss 1.603 · 352 k tok/s</p>
        </Part>
        <Part name="Buttons">
          <div className="row wrap">
            <button type="button" className="btn primary">
              Train this model
            </button>
            <button type="button" className="btn">
              Save as v3
            </button>
            <button type="button" className="btn quiet">
              Undo
            </button>
            <button type="button" className="btn danger">
              Delete run 12
            </button>
            <button type="button" className="btn" disabled>
              Pause
            </button>
            <CopyButton text="glassworks run first-model" />
          </div>
        </Part>
        <Part name="Fields">
          <label className="field is-changed">
            <span className="label">
              <span>Learning rate</span> <span className="faint">was 6e-4</span>
            </span>
            <input className="input num" defaultValue="3e-4" />
          </label>
          <label className="field is-bad">
            <span className="label">Heads</span>
            <input className="input num" defaultValue="12" aria-invalid />
            <span className="help">12 does not divide 512. Use 8 or 16.</span>
          </label>
          <label className="field">
            <span className="label">
              <span>Temperature</span> <span className="num">{(value / 100).toFixed(2)}</span>
            </span>
            <input
              className="slider"
              type="range"
              value={value}
              style={{ '--fill': `${value}%` } as React.CSSProperties}
              onChange={event => setValue(Number(event.target.value))}
            />
          </label>
          <fieldset className="segmented" aria-label="Axis">
            {['Linear', 'Log'].map(label => (
              <button
                key={label}
                type="button"
                aria-pressed={pressed === label}
                onClick={() => setPressed(label)}
              >
                {label}
              </button>
            ))}
          </fieldset>
        </Part>
        <Part name="States of work">
          <div className="row wrap">
            {STATES.map(status => (
              <WorkBadge key={status} status={status} />
            ))}
          </div>
        </Part>
        <Part name="Kinds of things">
          <div className="row wrap">
            {KINDS.map(kind => (
              <span key={kind} className="row">
                <KindShape kind={kind} /> {kind}
              </span>
            ))}
          </div>
        </Part>
        <Part name="Progress">
          <div className="progress is-live" style={{ '--p': '62%' } as React.CSSProperties}>
            <b style={{ left: '30%' }} />
            <i />
          </div>
          <div className="progress" style={{ '--p': '100%' } as React.CSSProperties}>
            <i />
          </div>
          <div className="skeleton" style={{ width: '70%' }} />
        </Part>
        <Part name="Surfaces, accents, data">
          <Swatches names={SURFACES} />
          <Swatches names={ACCENTS} />
          <Swatches names={CATEGORIES} />
        </Part>
        <Part name="Text tokens">
          <TokenText tokens={TOKENS} selected={selected} onSelect={setSelected} isTinted isLive />
        </Part>
        <Part name="A live curve">
          <LossCurve
            rows={CURVE}
            steps={1600}
            isLive
            chance={{ value: Math.log(2048), label: 'no knowledge: ln 2,048 = 7.62' }}
            height="180px"
          />
          <Sparkline values={CURVE.map(row => row.loss).filter((_, i) => i % 5 === 0)} isLive label="Loss" />
        </Part>
        <Part name="A chart over steps">
          <TimeChart
            steps={CURVE.map(row => row.step)}
            series={[
              {
                label: 'train',
                look: 'line',
                color: '--cat-1',
                values: CURVE.map(row => row.loss),
                isLive: true,
              },
            ]}
            lastStep={1600}
            bands={[{ from: 300, to: 420 }]}
            levels={[{ value: 7.62, label: 'a guess: ln 2,048 = 7.62' }]}
            marks={[{ step: 700, label: 'resumed', color: '--glass' }]}
            height={200}
            label="An example curve that falls from 7.6 to 3.6"
            zoom={zoom}
            onZoom={setZoom}
            onHover={() => undefined}
            format={tick => tick.toFixed(1)}
          />
        </Part>
        <PartsThatOpen />
        <Part name="Failed">
          <Failed
            title="The server does not answer."
            detail="It may be restarting. This page comes back by itself."
            retry={() => undefined}
          />
        </Part>
        <Part name="Empty">
          <section className="empty">
            <p className="teacher">No text yet. A model can only learn what it reads.</p>
            <p className="muted">
              Drop files here, or begin with 38 plays of Shakespeare that are already on this machine.
            </p>
          </section>
        </Part>
        <Part name="Table">
          <table className="table">
            <thead>
              <tr>
                <th>step</th>
                <th className="r">bits/byte</th>
              </tr>
            </thead>
            <tbody>
              <tr>
                <td className="num">3,600</td>
                <td className="r num">0.734</td>
              </tr>
              <tr className="is-selected">
                <td className="num">2,400</td>
                <td className="r num">0.755</td>
              </tr>
            </tbody>
          </table>
        </Part>
      </div>
    </>
  );
}

function Swatches({ names }: { names: string[] }) {
  return (
    <div className={classes.swatches}>
      {names.map(name => (
        <span key={name}>
          <i style={{ background: `var(${name})` }} />
          <code>{name}</code>
        </span>
      ))}
    </div>
  );
}
