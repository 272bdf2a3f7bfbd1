// A new run: a recipe, its few named settings, and before anything starts what it will need.
import { Modal } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { api, data, type ProblemError } from '@/lib/api/client';
import { orderRun } from '@/lib/order';
import { useProject } from '@/lib/project';
import { parted, settingLines, type TrainingSettings } from '@/lib/training-settings';
import { changedSettings, isSound, SettingsForm, type Typed } from '@/widgets/settings-form/settings-form';
import classes from './runs.module.css';
import { StartCard } from './start-card';
import { FIRST_SWEEP, SweepForm, type SweepTyped, sweepOf } from './sweep-form';
import { architecturePort, trainingNode, With } from './with-architecture';

interface NewRunProps {
  recipe: string | null;
  /** Trained instead of the one that the recipe writes: `mine@2`, `preset:small`. */
  architecture: string | null;
  /** Of its training, what was planned with it. */
  training: TrainingSettings | null;
  /** The vocabulary that it was planned for. */
  vocab: number | null;
  onClose: () => void;
  onRecipe: (name: string) => void;
  /** Leave `training` to the recipe. */
  onRecipesTraining: () => void;
}

const NEEDS_UPLOAD = 'own-text';

export function NewRun(props: NewRunProps) {
  const { recipe, architecture, training, vocab, onClose, onRecipe, onRecipesTraining } = props;
  const navigate = useNavigate();
  const { project } = useProject();
  const [typed, setTyped] = useState<Typed>({});
  const [name, setName] = useState('');
  const [problem, setProblem] = useState<ProblemError | null>(null);
  const [isBusy, setIsBusy] = useState(false);
  const [swept, setSwept] = useState<SweepTyped | null>(null);
  const [fitted, setFitted] = useState<string[]>([]);
  const recipes = useQuery({
    queryKey: ['recipes'],
    queryFn: () => data(api.GET('/api/recipes')),
    enabled: recipe !== null,
  });
  const detail = useQuery({
    queryKey: ['recipe', recipe],
    queryFn: () => data(api.GET('/api/recipes/{name}', { params: { path: { name: recipe ?? '' } } })),
    enabled: recipe !== null,
  });
  const offered = (recipes.data?.items ?? []).filter(one => one.name !== NEEDS_UPLOAD);
  const port = architecturePort(detail.data?.recipe.nodes ?? {});
  const isPlaced = architecture !== null && port !== null;
  const settings = (detail.data?.settings ?? []).filter(
    one => !isPlaced || !one.field.startsWith(`${port}.`),
  );
  const vocabField = settings.find(one => one.field.endsWith('.vocab_size'))?.field;
  const planned = isPlaced
    ? [
        ...settingLines(trainingNode(port), training ?? {}),
        ...(vocab && vocabField ? [`${vocabField}=${vocab}`] : []),
      ]
    : [];
  const isInForm = (line: string) => settings.some(one => one.field === parted(line).field);
  const changed = [
    ...(isPlaced ? [`${port}=${architecture}`] : []),
    ...planned.filter(line => !isInForm(line)),
    ...fitted,
    ...changedSettings(settings, typed),
  ];
  const sweep = swept && sweepOf(swept);
  const isReady = swept === null || sweep !== null;
  const mayStart = detail.data !== undefined && isSound(settings, typed) && isReady && !isBusy;
  // biome-ignore lint/correctness/useExhaustiveDependencies: another recipe begins a new form
  useEffect(() => {
    setTyped({});
    setName('');
    setSwept(null);
    setFitted([]);
    setProblem(null);
  }, [recipe]);
  /** Take settings with which it fits: into the form where it has them, beside it where not. */
  const fit = (lines: string[]) => {
    setFitted(lines.filter(line => !isInForm(line)));
    setTyped({ ...typed, ...typedOf(settings, lines) });
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for a recipe and a plan; what is typed after that stays
  useEffect(() => setTyped(typedOf(settings, planned)), [detail.data, training, vocab]);
  const start = async () => {
    if (!recipe || !mayStart) return;
    setIsBusy(true);
    setProblem(null);
    try {
      const order = { recipe, settings: changed, name: name.trim() || null, project, sweep };
      const runId = await orderRun(order);
      await navigate({ to: '/runs/$runId', params: { runId } });
    } catch (error) {
      setProblem(error as ProblemError);
    }
    setIsBusy(false);
  };
  return (
    <Modal opened={recipe !== null} onClose={onClose} title="New run" size="xl" centered>
      <form
        className="stack"
        onSubmit={event => {
          event.preventDefault();
          void start();
        }}
      >
        <div className={classes.newHead}>
          <label className="field">
            <span className="label">Recipe</span>
            <select className="select" value={recipe ?? ''} onChange={event => onRecipe(event.target.value)}>
              <Options recipes={offered.filter(one => !one.is_broken)} />
              <optgroup label="Broken on purpose, to find out why">
                <Options recipes={offered.filter(one => one.is_broken)} />
              </optgroup>
            </select>
          </label>
          <label className="field">
            <span className="label">Name of the model</span>
            <input
              className="input num"
              data-autofocus
              placeholder={recipe ?? ''}
              value={name}
              onChange={event => setName(event.target.value)}
            />
          </label>
        </div>
        {architecture !== null && detail.data && (
          <With
            architecture={architecture}
            isPlaced={isPlaced}
            planned={planned}
            onRecipesTraining={onRecipesTraining}
          />
        )}
        <p className={`reading ${classes.what}`}>{detail.data?.recipe.description}</p>
        {detail.isPending && recipe !== null && <div className={`skeleton ${classes.loading}`} />}
        <SettingsForm
          settings={settings}
          typed={typed}
          onChange={setTyped}
          problem={problem ? { where: problem.where, message: problem.message } : null}
        />
        <label className="row">
          <input
            type="checkbox"
            className="switch"
            checked={swept !== null}
            onChange={event => setSwept(event.target.checked ? FIRST_SWEEP : null)}
          />
          <span>Sweep: try several values</span>
        </label>
        {swept && recipe && (
          <SweepForm
            typed={swept}
            onChange={setSwept}
            recipe={recipe}
            settings={changed}
            names={settings.map(setting => setting.name)}
          />
        )}
        {recipe && detail.data && swept === null && isSound(settings, typed) && (
          <StartCard recipe={recipe} settings={changed} fitted={fitted} onFit={fit} />
        )}
        {problem && (
          <div className="finding bad" role="alert">
            <h3 className="h-pane">{problem.message}</h3>
            <p className="muted">{problem.detail}</p>
          </div>
        )}
        <div className="row between dialog-foot">
          <button type="button" className="btn quiet" onClick={onClose}>
            Not now
          </button>
          <button type="submit" className="btn primary" disabled={!mayStart}>
            {isBusy
              ? 'Planning'
              : sweep
                ? 'Start the sweep'
                : changed.length
                  ? `Start with ${changed.length} changed`
                  : 'Start'}
          </button>
        </div>
      </form>
    </Modal>
  );
}

/** The values of the lines whose fields the form has, by the names that it gives them. */
function typedOf(settings: readonly { name: string; field: string }[], lines: readonly string[]): Typed {
  const pairs = lines.map(parted).flatMap(({ field, value }) => {
    const name = settings.find(setting => setting.field === field)?.name;
    return name ? [[name, value]] : [];
  });
  return Object.fromEntries(pairs);
}

function Options({ recipes }: { recipes: readonly { name: string; title: string }[] }) {
  return recipes.map(one => (
    <option key={one.name} value={one.name}>
      {one.title.replace('Broken on purpose: ', '')}
    </option>
  ));
}
