// The designer: an architecture as a form, as a picture and as what it costs, all from one document. The address holds all of it.
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import type { ProblemError } from '@/lib/api/client';
import type { ArchitectureDetail } from '@/lib/api/schema';
import { useProject } from '@/lib/project';
import { Failed } from '@/ui/failed';
import { Loading } from '@/ui/loading';
import { useArchitectureSchema, useItems, usePresets, useRuns } from './calls';
import { changesOf, documentOf, formFields } from './document';
import { Head } from './head';
import classes from './page.module.css';
import { PasteDialog, textOf } from './paste-dialog';
import { PlanDialog } from './plan-dialog';
import { SaveDialog } from './save-dialog';
import { trainingToStart, vocabToStart } from './state';
import { type Asked, type Base, parted, USUAL, useBases } from './use-base';
import { useDesign } from './use-design';
import { Workbench } from './workbench';

type Open = 'paste' | 'plan' | 'save' | 'train' | null;

export function DesignerPage() {
  const { project } = useProject();
  const navigate = useNavigate();
  const designing = useDesign();
  const { state, change } = designing;
  const [open, setOpen] = useState<Open>(null);
  const [dropped, setDropped] = useState('');
  const [notes, setNotes] = useState<readonly string[]>([]);
  const schema = useArchitectureSchema();
  const presets = usePresets();
  const items = useItems(project);
  const runs = useRuns(project);
  const refs = [state.from || USUAL, ...state.beside];
  const [asked = NOTHING, ...beside] = useBases(refs, project);
  const base: Base | null = state.doc ? ownBase(state.doc) : asked.base;
  const error = schema.error ?? presets.error ?? (state.doc ? null : asked.error);
  const retry = () => {
    void schema.refetch();
    void presets.refetch();
    asked.retry();
  };
  if (error && !(schema.data && base))
    return (
      <Failed
        isPage
        title={error.message}
        detail={(error as ProblemError).detail}
        retry={retry}
        {...(state.from ? { action: { label: 'Begin with a preset', to: '/models/design' } } : {})}
      />
    );
  if (!schema.data || !presets.data || !base)
    return (
      <>
        <h1 className={`title ${classes.waiting}`}>Model designer</h1>
        <Loading label="Loading the designer" heights={[32, 560]} />
      </>
    );
  const fields = formFields(schema.data.schema, base.document, state.set);
  const document = documentOf(fields, state.set);
  const changes = changesOf(fields, state.set);
  const train = async (ref: string) => {
    await designing.settle();
    await navigate({
      to: '/runs',
      search: {
        new: 'first-model',
        architecture: ref,
        training: trainingToStart(state),
        vocab: vocabToStart(state),
      } as never,
    });
  };
  const saved = (detail: ArchitectureDetail) => {
    change({ from: `item:${detail.name}@${detail.version}`, doc: null, set: {} });
    if (open === 'train') void train(`${detail.name}@${detail.version}`);
  };
  const known = knownRef(state.doc ? null : base, changes.length);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: a file may be dropped anywhere; the button does the same
    <div
      className={classes.page}
      onDragOver={event => event.preventDefault()}
      onDrop={async event => {
        const text = await textOf(event);
        if (text === null) return;
        setDropped(text);
        setOpen('paste');
      }}
    >
      <Workbench
        base={base}
        fields={fields}
        document={document}
        designing={designing}
        project={project}
        presets={presets.data.items}
        items={items.data?.items ?? []}
        runs={runs.data?.items ?? []}
        beside={beside}
        notes={notes}
        onPaste={() => setOpen('paste')}
        onPlan={() => setOpen('plan')}
        head={isSound => (
          <Head
            base={base}
            project={project}
            numChanges={changes.length}
            document={document}
            isSound={isSound}
            designing={designing}
            onSave={() => setOpen('save')}
            onTrain={() => (known ? void train(known) : setOpen('train'))}
          />
        )}
      />
      <PasteDialog
        isOpen={open === 'paste'}
        given={dropped}
        onClose={() => {
          setOpen(null);
          setDropped('');
        }}
        onRead={(doc, left) => {
          change({ from: '', doc, set: {} });
          setNotes(left);
        }}
      />
      <PlanDialog
        isOpen={open === 'plan'}
        vocab={state.vocab}
        onClose={() => setOpen(null)}
        onTake={plan => {
          const { batch_size = state.batch, steps = state.steps, ...planned } = plan.training;
          const figures = { batch: Number(batch_size), steps: Number(steps), accumulation: 1 };
          change({ from: '', doc: plan.document, set: {}, planned, ...figures });
        }}
      />
      <SaveDialog
        isOpen={open === 'save' || open === 'train'}
        action={open === 'train' ? 'Save and train' : 'Save'}
        project={project}
        document={document}
        name={base.item?.name ?? ''}
        note={changes.map(one => `${one.name} ${one.before || 'auto'} → ${one.after || 'auto'}`).join(', ')}
        onClose={() => setOpen(null)}
        onSaved={saved}
      />
    </div>
  );
}

const NOTHING: Asked = { base: null, error: null, retry: () => undefined };

function ownBase(document: Base['document']): Base {
  return { ref: '', title: 'A design of your own', note: 'not saved', document, item: null };
}

/** How a run names it, where it stands somewhere already. */
function knownRef(base: Base | null, numChanges: number): string | null {
  if (!base || numChanges > 0) return null;
  const [kind, name] = parted(base.ref);
  return kind === 'item' ? name : kind === 'preset' ? base.ref : null;
}
