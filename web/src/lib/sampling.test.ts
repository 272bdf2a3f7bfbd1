import { describe, expect, it } from 'vitest';
import vectors from '../../../tests/lm/generate/sampling_vectors.json';
import { numKept, type Sampling, STEPS, shape, softmax } from './sampling';

const near = (found: Float64Array, wanted: (number | string | null)[]) => {
  expect(found.length).toBe(wanted.length);
  found.forEach((value, index) => {
    const goal = wanted[index];
    if (typeof goal === 'number') expect(value).toBeCloseTo(goal, 9);
    else expect(value).toBe(Number.NEGATIVE_INFINITY);
  });
};

describe('sampling does what the model does', () => {
  it.each(vectors.map(vector => [vector.name, vector] as const))('%s', (_, vector) => {
    const logits = Float64Array.from(vector.logits as number[]);
    const steps = shape(logits, vector.settings as Sampling, vector.prompt, vector.written);
    for (const step of STEPS) near(steps[step], vector.steps[step]);
    const chances = softmax(steps.min_p);
    chances.forEach((chance, index) => {
      expect(chance).toBeCloseTo(vector.probabilities[index] ?? 0, 9);
    });
    expect(numKept(steps.min_p)).toBe(vector.steps.min_p.filter(value => typeof value === 'number').length);
  });
});
