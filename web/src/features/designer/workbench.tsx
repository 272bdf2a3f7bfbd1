// The bench itself: form, picture, costs; below them what stands beside, and the versions. In: a document and all that can be begun
// with. Out: changes of the state.
import type { ReactNode } from 'react';
import type { ProblemError } from '@/lib/api/client';
import type { ArchitectureRow, ExplainView, PresetView } from '@/lib/api/schema';
import type { Field } from '@/lib/schema-fields';
import { Failed } from '@/ui/failed';
import { Loading } from '@/ui/loading';
import { useEstimate, useExplained, useSettled } from './calls';
import { Compare } from './compare';
import { designOf } from './design';
import { asText, type Document } from './document';
import { Estimates } from './estimates';
import { Form } from './form';
import formClasses from './form.module.css';
import classes from './page.module.css';
import { Picture } from './picture';
import { type RunChoice, StartFrom } from './start-from';
import { trainingOf } from './state';
import type { Asked, Base } from './use-base';
import type { Designing } from './use-design';
import { useSoundOnes } from './use-sound-ones';
import { Versions } from './versions';

interface WorkbenchProps {
  base: Base;
  fields: readonly Field[];
  document: Document;
  designing: Designing;
  project: string;
  presets: readonly PresetView[];
  items: readonly ArchitectureRow[];
  runs: readonly RunChoice[];
  beside: readonly Asked[];
  /** What a text said that has no place here. */
  notes: readonly string[];
  onPaste: () => void;
  onPlan: () => void;
  head: (isSound: boolean) => ReactNode;
}

export function Workbench(props: WorkbenchProps) {
  const { base, fields, document, designing, project, presets, items, runs, beside, notes } = props;
  const { state, change } = designing;
  const settled = useSettled(document);
  const explained = useExplained(settled, state.vocab);
  const before = useExplained(base.document, state.vocab);
  const isCurrent = !explained.isPlaceholderData && JSON.stringify(settled) === JSON.stringify(document);
  const problems = explained.data?.problems ?? [];
  const sound =
    useSoundOnes(explained.data) ?? (problems.length > 0 && before.data?.parts ? before.data : null);
  const estimated = useEstimate(
    problems.length === 0 && explained.data ? settled : null,
    state.vocab,
    useSettled(trainingOf(state)),
  );
  const isSound = isCurrent && explained.data?.parameters != null;
  const isStale = !isCurrent || problems.length > 0;
  const title = base.item?.name ?? base.title;
  const isChanged = Object.keys(state.set).length > 0;
  return (
    <>
      {props.head(isSound)}
      {notes.length > 0 && state.doc && (
        <div className={`finding warn ${classes.notes}`}>
          <h2 className="h-pane">Left out of what was read</h2>
          <ul className="muted">
            {notes.map(note => (
              <li key={note}>{note}</li>
            ))}
          </ul>
        </div>
      )}
      <div className={classes.bench}>
        <form
          className={`card ${formClasses.form}`}
          aria-label="Settings"
          onSubmit={event => event.preventDefault()}
        >
          <StartFrom
            value={state.doc ? '' : base.ref}
            title={base.title}
            presets={presets}
            items={items}
            runs={runs}
            onStart={from => change({ from, doc: null, set: {}, planned: null })}
            onPaste={props.onPaste}
            onPlan={props.onPlan}
          />
          <Form
            fields={fields}
            typed={state.set}
            problems={isCurrent ? problems : []}
            document={document}
            vocab={state.vocab}
            onChange={set => change({ set })}
            onVocab={vocab => change({ vocab })}
          />
        </form>
        {explained.error ? (
          <div className={classes.failed}>
            <Failed
              title={explained.error.message}
              detail={(explained.error as ProblemError).detail}
              retry={() => explained.refetch()}
            />
          </div>
        ) : sound ? (
          <Drawn
            {...{ sound, state, isStale, change }}
            estimated={estimated.data}
            isOld={isStale || estimated.isPlaceholderData}
            problem={
              problems.length > 0
                ? 'It comes as soon as the settings can be built.'
                : ((estimated.error as ProblemError | null)?.message ?? null)
            }
            before={
              before.data?.parameters ? { parameters: before.data.parameters, title: base.title } : null
            }
          />
        ) : problems.length > 0 ? (
          <div className={`card ${classes.failed}`}>
            <p className="reading">Nothing can be drawn yet: {problems[0]?.message}</p>
          </div>
        ) : (
          <Loading label="Drawing" heights={[32, 560]} />
        )}
      </div>
      {sound && (
        <Compare
          draft={sound}
          title={state.doc || isChanged ? 'This draft' : title}
          note={
            problems.length > 0 ? 'as it could last be built' : isChanged ? `from ${base.title}` : base.note
          }
          others={beside}
          state={state}
          presets={presets}
          items={items}
          runs={runs}
          onChange={change}
        />
      )}
      {base.item && (
        <Versions
          project={project}
          name={base.item.name}
          version={base.item.version}
          onOpen={from => change({ from, doc: null, set: {} })}
          onBeside={ref => change({ beside: [...state.beside.filter(one => one !== ref), ref].slice(-3) })}
        />
      )}
    </>
  );
}

interface DrawnProps {
  sound: ExplainView;
  state: Designing['state'];
  change: Designing['change'];
  isStale: boolean;
  isOld: boolean;
  estimated: Parameters<typeof Estimates>[0]['estimated'];
  problem: string | null;
  before: Parameters<typeof Estimates>[0]['before'];
}

/** Picture and costs of the last document that could be built. */
function Drawn({ sound, state, change, isStale, isOld, estimated, problem, before }: DrawnProps) {
  const design = designOf(sound.document ?? {}, sound.parts ?? [], sound.vocab_size ?? state.vocab);
  return (
    <>
      <Picture design={design} state={state} isStale={isStale} onChange={change} />
      <Estimates
        design={design}
        explained={sound}
        estimated={estimated}
        problem={problem}
        before={before}
        state={state}
        isStale={isOld}
        onChange={change}
        onNearest={changes => change(applied(changes, state))}
      />
    </>
  );
}

/** The nearest that fits, as changes of the state: fields of the training, and of the architecture. */
function applied(changes: Record<string, unknown>, state: Designing['state']): Partial<Designing['state']> {
  const set = { ...state.set };
  const next: Partial<Designing['state']> = {};
  for (const [name, value] of Object.entries(changes)) {
    if (name === 'training.batch_size') next.batch = Number(value);
    else if (name === 'training.accumulation') next.accumulation = Number(value);
    else if (name === 'training.steps') next.steps = Number(value);
    else if (!name.startsWith('training.')) set[name] = asText(value);
  }
  return JSON.stringify(set) === JSON.stringify(state.set) ? next : { ...next, set };
}
