// Ordering a run: the one call, said once. A lost answer and a second try do not order twice.
import { api, data } from './api/client';
import type { RecipeSpecInput, SweepSpecInput } from './api/schema';

export interface Order {
  project: string;
  name: string | null;
  /** A recipe by its name, or a document; neither where an upload says it. */
  recipe?: string;
  document?: RecipeSpecInput;
  /** As `--set` writes them. */
  settings?: readonly string[];
  /** A completed upload, a file or a folder, that is read. */
  upload?: string;
  /** Settings to vary: the run is a sweep. */
  sweep?: SweepSpecInput | null;
}

/** Order it; the run's id. Throws ProblemError. */
export async function orderRun(order: Order): Promise<string> {
  const body = {
    project: order.project,
    name: order.name,
    recipe: order.recipe ?? null,
    document: order.document ?? null,
    settings: [...(order.settings ?? [])],
    upload: order.upload ?? null,
    sweep: order.sweep ?? null,
    is_fresh: false,
  };
  const headers = { 'Idempotency-Key': crypto.randomUUID() };
  return (await data(api.POST('/api/runs', { body, headers }))).run.id;
}

/** A run that goes another way from what `run` saved at `step`; its id. Throws ProblemError. */
export async function orderBranch(
  run: string,
  step: number,
  wish: { settings: readonly string[]; name: string | null },
): Promise<string> {
  const body = { step: String(step), settings: [...wish.settings], name: wish.name };
  const headers = { 'Idempotency-Key': crypto.randomUUID() };
  const params = { path: { run } };
  return (await data(api.POST('/api/runs/{run}/branch', { params, body, headers }))).run.id;
}

/** A small flow that a page writes itself. */
export function flow(
  name: string,
  title: string,
  output: string,
  nodes: Record<string, { stage: string; config?: object; inputs?: Record<string, string> }>,
): RecipeSpecInput {
  const whole = Object.entries(nodes).map(([node, { stage, config = {}, inputs = {} }]) => [
    node,
    { stage, config, inputs },
  ]);
  return {
    format: 1,
    name,
    title,
    description: '',
    output,
    settings: {},
    next_steps: [],
    about_fault: '',
    nodes: Object.fromEntries(whole),
  };
}
