import { expect, it } from 'vitest';
import { fieldsOf } from './schema-fields';

const SCHEMA = {
  $defs: {
    AdamW: {
      properties: {
        kind: { const: 'adamw' },
        learning_rate: { type: 'number', default: 0.003, maximum: 10 },
      },
      type: 'object',
    },
    Muon: {
      properties: {
        kind: { const: 'muon' },
        momentum: { type: 'number', default: 0.95 },
        rest: {
          $ref: '#/$defs/AdamW',
          default: { kind: 'adamw', learning_rate: 0.004 },
          description: 'others',
        },
      },
      type: 'object',
    },
  },
  properties: {
    steps: { type: 'integer', default: 100, minimum: 1, description: 'How long.' },
    device: { anyOf: [{ enum: ['cpu', 'cuda'], type: 'string' }, { const: 'auto' }], default: 'auto' },
    threads: { anyOf: [{ type: 'integer' }, { const: 'auto' }], default: 'auto' },
    compile: { type: 'boolean', default: false },
    optimizer: {
      discriminator: { mapping: { adamw: '#/$defs/AdamW', muon: '#/$defs/Muon' } },
      default: { kind: 'muon' },
      description: 'How weights change.',
    },
  },
};

it('every field is named as --set names it, with what stands there', () => {
  const fields = fieldsOf(SCHEMA, { steps: 1200, optimizer: { kind: 'muon', momentum: 0.9 } }, 'train');
  expect(fields.map(field => [field.name, field.default])).toEqual([
    ['train.steps', 1200],
    ['train.device', 'auto'],
    ['train.threads', 'auto'],
    ['train.compile', false],
    ['train.optimizer.kind', 'muon'],
    ['train.optimizer.momentum', 0.9],
    ['train.optimizer.rest.learning_rate', 0.004],
  ]);
});

it('the fields of another kind follow the choice, with their own defaults', () => {
  const typed = { 'train.optimizer.kind': 'adamw' };
  const fields = fieldsOf(SCHEMA, { optimizer: { kind: 'muon', momentum: 0.9 } }, 'train', typed);
  expect(fields.slice(4).map(field => [field.name, field.default])).toEqual([
    ['train.optimizer.kind', 'muon'],
    ['train.optimizer.learning_rate', 0.003],
  ]);
});

it('choices, bounds and switches are kept; a number or a word is left to the server', () => {
  const [steps, device, threads, compile, kind] = fieldsOf(SCHEMA, {}, 'train').map(field => field.schema);
  expect(steps).toMatchObject({ type: 'integer', minimum: 1 });
  expect([device?.enum, threads?.enum, compile?.enum, kind?.enum]).toEqual([
    ['cpu', 'cuda', 'auto'],
    undefined,
    [true, false],
    ['adamw', 'muon'],
  ]);
});
