// A dataset cleaned anew from what was read, with other steps: the flow that is ordered for it. Pure but for the order.
import { api, data } from '@/lib/api/client';

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
  await data(
    api.POST('/api/runs', {
      body: {
        recipe: null,
        document: flowOf(name, raw, config) as never,
        settings: [],
        name,
        project,
        is_fresh: false,
        upload: null,
      },
    }),
  );
}

function flowOf(name: string, raw: string, config: object) {
  return {
    format: 1,
    name: 'clean-again',
    title: `${name}, cleaned anew`,
    description: '',
    output: 'clean.dataset',
    settings: {},
    next_steps: [],
    nodes: {
      clean: { stage: 'clean_dataset', config, inputs: { dataset: raw } },
      describe: { stage: 'describe_dataset', config: {}, inputs: { dataset: 'clean.dataset' } },
    },
  };
}

/** A step one place further up or down. */
export function moved<T>(steps: readonly T[], index: number, by: number): T[] {
  const to = index + by;
  const one = steps[index];
  if (one === undefined || to < 0 || to >= steps.length) return [...steps];
  const others = steps.filter((_, at) => at !== index);
  return [...others.slice(0, to), one, ...others.slice(to)];
}
