// A small model's parts, as the server explains them; for tests of the drawings.
import type { Design, Matrix, Part } from './parts';

export const WIDTH = 64;
const HEADS = 4;

function matrix(name: string, ...shape: number[]): Matrix {
  const parameters = shape.length ? shape.reduce((all, one) => all * one, 1) : 0;
  return { name, shape, parameters, flops_per_token: 2 * parameters };
}

function part(id: string, role: string, kind: string, matrices: Matrix[]): Part {
  const layer = /^layers\.(\d+)/.exec(id)?.[1];
  return {
    id,
    role,
    kind,
    layer: layer === undefined ? null : Number(layer),
    title: kind,
    words: '',
    formula: '',
    source: '',
    file: '',
    matrices,
    parameters: matrices.reduce((sum, one) => sum + one.parameters, 0),
    flops_per_token: matrices.reduce((sum, one) => sum + one.flops_per_token, 0),
    cached_per_token: 0,
    kept_per_token: 0,
  };
}

export const ATTENTION = [
  matrix('q.weight', WIDTH, WIDTH),
  matrix('k.weight', 16, WIDTH),
  matrix('v.weight', 16, WIDTH),
  matrix('q_norm.weight', 16),
  matrix('scores'),
  matrix('mix'),
  matrix('o.weight', WIDTH, WIDTH),
];
export const GATED = [
  matrix('gate.weight', 256, WIDTH),
  matrix('up.weight', 256, WIDTH),
  matrix('down.weight', WIDTH, 256),
];
export const EXPERTS = [
  matrix('router.weight', 4, WIDTH),
  ...[0, 1, 2, 3].flatMap(one => [
    matrix(`experts.${one}.up.weight`, 256, WIDTH),
    matrix(`experts.${one}.down.weight`, WIDTH, 256),
  ]),
];

/** `layers` equal blocks, of which one is sent. */
export function sample(fields: Partial<Design> = {}, feedForward = GATED, position = 'rotary'): Design {
  const isOnce = fields.isParallel ?? false;
  return {
    parts: [
      part('embedding', 'embedding', 'embedding', [matrix('embedding.weight', 4096, WIDTH)]),
      part('position', 'position', position, []),
      part('layers.0.attention_norm', 'norm', 'rms_norm', [matrix('weight', WIDTH)]),
      part('layers.0.attention', 'attention', 'grouped', ATTENTION),
      ...(isOnce ? [] : [part('layers.0.feed_forward_norm', 'norm', 'rms_norm', [matrix('weight', WIDTH)])]),
      part('layers.0.feed_forward', 'feed_forward', 'swiglu', feedForward),
      part('norm', 'norm', 'rms_norm', [matrix('weight', WIDTH)]),
      part('head', 'head', 'head', [matrix('head.weight', 4096, WIDTH)]),
    ],
    layers: 6,
    width: WIDTH,
    context: 128,
    vocabSize: 4096,
    heads: HEADS,
    isTied: false,
    isPost: false,
    isParallel: false,
    ...fields,
  };
}
