// What the settings of an architecture are called; a new one is read from its name. Pure.
import { words } from '@/widgets/settings-form/settings-form';

const LABELS: Record<string, string> = {
  layers: 'Blocks',
  kv_heads: 'Key and value heads',
  head_width: 'Width of a head',
  has_qk_norm: 'QK-norm',
  has_bias: 'Biases',
  has_output_bias: 'Bias at the output',
  score_cap: 'Cap on scores',
  logit_cap: 'Cap on the final scores',
  hidden: 'Hidden width',
  multiple: 'Hidden width, times the width',
  is_tied: 'Embedding and head are one',
  is_parallel: 'Both halves read the same',
  norm_placement: 'Norm before or after',
  has_weight: 'Weights of its own',
  eps: 'Epsilon',
};
const PARTS: Record<string, string> = { feed_forward: 'Feed-forward', norm: 'Norm' };

/** `attention.kv_heads`: Key and value heads; with its part where rows of all parts stand together. */
export function labelOf(name: string, hasPart = false): string {
  const [part = '', ...rest] = name.split('.');
  const last = rest.at(-1) ?? part;
  const own = LABELS[last] ?? words(last);
  if (rest.length === 0) return own;
  const group = PARTS[part] ?? words(part);
  if (last === 'kind') return group;
  return hasPart ? `${group}: ${own.charAt(0).toLowerCase()}${own.slice(1)}`.replace('qK', 'QK') : own;
}
