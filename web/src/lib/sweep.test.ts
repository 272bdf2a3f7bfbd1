import { expect, it } from 'vitest';
import { places, readAxis, settingText, settingWords, shortField } from './sweep';

it('reads lists and ranges as the command line does', () => {
  expect(readAxis('train.seed', '1, 2,3')?.values).toEqual([1, 2, 3]);
  expect(readAxis('a.kind', 'rotary, none')?.values).toEqual(['rotary', 'none']);
  expect(readAxis('a.rate', '1e-4..1e-2:log:3')?.range).toEqual({
    low: 1e-4,
    high: 1e-2,
    scale: 'log',
    num: 3,
    is_integer: false,
  });
  expect(readAxis('a.width', '64..256:4')?.range?.is_integer).toBe(true);
});

it('says nothing where nothing sensible was typed', () => {
  for (const text of ['', ' , ', '9..1', '0..1:log', '..4']) expect(readAxis('a.b', text)).toBeNull();
  expect(readAxis('', '1,2')).toBeNull();
});

it('names a setting as short as it can be told from the others', () => {
  const fields = [
    'train.optimizer.learning_rate',
    'train.architecture.position.kind',
    'train.seed',
    'data.seed',
  ];
  expect(fields.map(field => shortField(fields, field))).toEqual([
    'learning_rate',
    'position',
    'train.seed',
    'data.seed',
  ]);
  expect(settingWords(['a.rate'], { 'a.rate': 0.01 })).toBe('rate 0.01');
  expect(settingText(0.0001)).toBe('1e-4');
});

it('places numbers by their size, on a log scale where they span much, and words in their order', () => {
  expect(places(['a.r'], [{ 'a.r': 0.01 }, { 'a.r': 0.1 }, { 'a.r': 1 }])).toEqual({
    at: [0, 0.5, 1],
    isLog: true,
  });
  expect(places(['a.r'], [{ 'a.r': 1 }, { 'a.r': 2 }, { 'a.r': 3 }])).toEqual({
    at: [0, 0.5, 1],
    isLog: false,
  });
  expect(places(['a.k', 'a.seed'], [{ 'a.k': 'x' }, { 'a.k': 'y' }, { 'a.k': 'y' }]).at).toEqual([0, 1, 1]);
});
