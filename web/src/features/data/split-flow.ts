// The order that divides a dataset: the same division that the recipes make, so that a training finds it in the store. Pure.

const TENTH = { kind: 'fraction', fraction: 0.1 };
const TENTH_OF_THE_REST = { kind: 'fraction', fraction: 0.11, seed: 1 };

export function splitFlow(name: string, project: string, artifact: string, hasTest: boolean) {
  const config = hasTest ? { by: TENTH, test: TENTH_OF_THE_REST } : { by: TENTH };
  return {
    recipe: null,
    document: {
      format: 1,
      name: 'dataset-split',
      title: `${name}, divided`,
      description: '',
      output: 'split.train',
      settings: {},
      next_steps: [],
      nodes: { split: { stage: 'split_dataset', config, inputs: { dataset: artifact } } },
    } as never,
    settings: [],
    name: `${name}-train`,
    project,
    is_fresh: false,
    upload: null,
  };
}
