// Words about a run, from its settings. Pure.
import type { RunDetail } from '@/lib/api/schema';

/** A few facts that tell a run from others: the model's shape, its seed, what computes it. A sweep has many shapes. */
export function tagsOf(detail: RunDetail, isSweep: boolean): string[] {
  const training = detail.nodes.find(node => node.stage === 'train_model');
  const shape = isSweep ? null : architectureOf(detail);
  const seed = isSweep ? undefined : (training?.config as { seed?: number } | undefined)?.seed;
  const resources = training?.resources as { device?: string; dtype?: string } | undefined;
  return [
    ...(shape?.layers && shape.width ? [`${shape.layers} layers · ${shape.width} wide`] : []),
    ...(seed === undefined ? [] : [`seed ${seed}`]),
    ...(resources?.device ? [`${resources.device} ${resources.dtype ?? ''}`.trim()] : []),
  ];
}

/** The architecture that a recipe writes inline. */
export function architectureOf(
  detail: RunDetail,
): { layers?: number; width?: number; context?: number } | null {
  for (const node of Object.values(detail.recipe?.nodes ?? {})) {
    const document = node.inputs?.architecture;
    if (document && typeof document === 'object')
      return document.inline as { layers?: number; width?: number };
  }
  return null;
}

/** What the designer opens for a run: its recipe's own document, an item's version or a preset; null where nothing is trained. */
export function architectureRef(detail: RunDetail): string | null {
  for (const node of Object.values(detail.recipe?.nodes ?? {})) {
    const given = node.inputs?.architecture;
    if (given && typeof given === 'object') return `run:${detail.run.id}`;
    if (typeof given === 'string')
      return given.startsWith('preset:') ? given : `item:${given.replace(/^architecture\//, '')}`;
  }
  return null;
}

/** ln V: the loss of a guess without any knowledge. */
export function chanceOf(detail: RunDetail): { value: number; vocabSize: number } | null {
  const trainer = detail.nodes.find(node => node.stage === 'train_tokenizer')?.config.trainer as
    | { vocab_size?: number }
    | undefined;
  return trainer?.vocab_size ? { value: Math.log(trainer.vocab_size), vocabSize: trainer.vocab_size } : null;
}
