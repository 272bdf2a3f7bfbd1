// The same run with changes: the recipe's named settings first, then every setting of every stage, as they were.
// With `fromStep` it is a branch: the new run goes on from what was saved at that step.
import { Modal } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { api, data, type ProblemError } from '@/lib/api/client';
import type { RecipeSpecInput, RunDetail, SettingView } from '@/lib/api/schema';
import { count } from '@/lib/format';
import { orderBranch, orderRun } from '@/lib/order';
import type { Field } from '@/lib/schema-fields';
import {
  changedSettings,
  isSound,
  SettingsForm,
  type Typed,
  words,
} from '@/widgets/settings-form/settings-form';
import { AllSettings, useGroups } from './all-settings';
import { typedFor } from './remedies';
import classes from './run.module.css';

interface CloneDialogProps {
  detail: RunDetail;
  /** Of a branch: the step that it goes on from. */
  fromStep?: number;
  /** Of that step only the weights are left. */
  isFromWeights?: boolean;
  onClose: () => void;
  /** Fields and values that stand in the form from the beginning: what a finding proposes. */
  change?: Record<string, unknown>;
  /** Why, in one sentence. */
  why?: string;
}

const NOTHING = {};

export function CloneDialog(props: CloneDialogProps) {
  const { detail, fromStep, isFromWeights, onClose, change = NOTHING, why = '' } = props;
  const isBranch = fromStep !== undefined;
  const navigate = useNavigate();
  const [own, setTyped] = useState<Typed | null>(null);
  const [name, setName] = useState(detail.run.name);
  const [problem, setProblem] = useState<ProblemError | null>(null);
  const [isBusy, setIsBusy] = useState(false);
  const recipe = useQuery({
    queryKey: ['recipe', detail.run.recipe],
    queryFn: () =>
      data(api.GET('/api/recipes/{name}', { params: { path: { name: detail.run.recipe ?? '' } } })),
    enabled: detail.run.recipe !== null,
    retry: false,
  });
  const settings = (recipe.data?.settings ?? []).map(setting => ({
    ...setting,
    default: valueNow(detail, setting),
  }));
  const typed = own ?? typedFor(change, settings);
  const named = settings.map(setting => setting.field);
  const groups = useGroups(detail, typed, field => named.includes(field));
  const all = [...settings, ...groups.flatMap(group => group.fields)];
  const changed = changedSettings(all, typed);
  const wrong = problem ? { where: problem.where, message: problem.message } : null;
  const start = async () => {
    setIsBusy(true);
    setProblem(null);
    try {
      const wish = { settings: changed, name: name.trim() || null };
      const runId = isBranch
        ? await orderBranch(detail.run.id, fromStep, wish)
        : await orderRun({
            ...wish,
            document: detail.recipe as RecipeSpecInput,
            project: detail.run.project,
          });
      await navigate({ to: '/runs/$runId', params: { runId } });
      onClose();
    } catch (error) {
      setProblem(error as ProblemError);
    }
    setIsBusy(false);
  };
  return (
    <Modal opened onClose={onClose} title={titleOf(detail, fromStep)} size="xl" centered>
      <form
        className="stack"
        onSubmit={event => {
          event.preventDefault();
          void start();
        }}
      >
        <label className="field">
          <span className="label">Name of the model</span>
          <input className="input num" value={name} onChange={event => setName(event.target.value)} />
        </label>
        {changed.length > 0 && Object.keys(change).length > 0 && (
          <Proposed fields={all} typed={typed} why={why} />
        )}
        {recipe.isLoading && <div className="skeleton" style={{ height: 120 }} />}
        <SettingsForm settings={settings} typed={typed} onChange={setTyped} problem={wrong} />
        <AllSettings groups={groups} typed={typed} onChange={setTyped} problem={wrong} />
        <p className="note">
          {isBranch
            ? `${wordsOfStart(fromStep, isFromWeights)} This run stays as it is.`
            : 'Only what depends on a change is computed again; the rest is answered from the store.'}
        </p>
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
          <button
            type="submit"
            className="btn primary"
            disabled={isBusy || changed.length === 0 || !isSound(all, typed)}
          >
            {changed.length === 0 ? 'Change something first' : `Start with ${changed.length} changed`}
          </button>
        </div>
      </form>
    </Modal>
  );
}

/** The difference to the run as it was, line by line. */
function Proposed({ fields, typed, why }: { fields: readonly Field[]; typed: Typed; why: string }) {
  const changed = fields.filter(field => changedSettings([field], typed).length > 0);
  return (
    <div className="well">
      {why && <p>{why}</p>}
      <ul className={classes.difference} aria-label="What changes">
        {changed.map(field => (
          <li key={field.name}>
            <span>{words(field.name)}</span>
            <span className="num">
              <del>{String(field.default)}</del> <span aria-hidden="true">→</span>{' '}
              <ins>{typed[field.name]}</ins>
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}

function wordsOfStart(step: number, isFromWeights = false): string {
  return isFromWeights
    ? `Of step ${count(step)} the weights are left: the new run begins with them, with a fresh optimizer, and counts its steps from 0.`
    : `The new run goes on from all that was saved at step ${count(step)}: weights, optimizer and place in the data.`;
}

function titleOf(detail: RunDetail, fromStep: number | undefined): string {
  const name = detail.run.name;
  return fromStep === undefined
    ? `Clone ${name} with changes`
    : `Branch ${name} off at step ${count(fromStep)}`;
}

/** The value that a setting had in this run: in its resolved config, or in the recipe's inline document. */
export function valueNow(detail: RunDetail, setting: SettingView): unknown {
  const [node = '', ...fields] = setting.field.split('.');
  const config = detail.nodes.find(one => one.name === node)?.config;
  const input = detail.recipe?.nodes[node]?.inputs?.[fields[0] ?? ''];
  const start: unknown = input && typeof input === 'object' ? input.inline : config;
  const rest = input && typeof input === 'object' ? fields.slice(1) : fields;
  const found = rest.reduce<unknown>(
    (value, key) => (value as Record<string, unknown> | undefined)?.[key],
    start,
  );
  return found ?? setting.default;
}
