// A dataset cleaned anew from what was read, with other steps: the flow that is ordered for it. Pure but for the order.
import { flow, orderRun } from '@/lib/order';

export interface ChosenStep {
  kind: string;
  settings: Record<string, unknown>;
  isOn: boolean;
}

/** Order the run that makes the next version of `name`. Throws ProblemError. */
export async function cleanAgain(
  name: string,
  project: string,
  raw: string,
  steps: readonly ChosenStep[],
  putBack: readonly string[],
): Promise<void> {
  const config = {
    steps: steps.filter(step => step.isOn).map(step => ({ kind: step.kind, ...step.settings })),
    put_back: putBack,
  };
  await orderRun({ project, name, document: flowOf(name, raw, config) });
}

function flowOf(name: string, raw: string, config: object) {
  return flow('clean-again', `${name}, cleaned anew`, 'clean.dataset', {
    clean: { stage: 'clean_dataset', config, inputs: { dataset: raw } },
    describe: { stage: 'describe_dataset', inputs: { dataset: 'clean.dataset' } },
  });
}

/** A step one place further up or down. */
export function moved<T>(steps: readonly T[], index: number, by: number): T[] {
  const to = index + by;
  const one = steps[index];
  if (one === undefined || to < 0 || to >= steps.length) return [...steps];
  const others = steps.filter((_, at) => at !== index);
  return [...others.slice(0, to), one, ...others.slice(to)];
}
