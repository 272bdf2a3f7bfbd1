import { expect, test } from 'vitest';
import { segmentsOf } from './segments';

test('a text without copies is one piece', () => {
  expect(segmentsOf('all its own', [])).toEqual([{ text: 'all its own', span: null }]);
  expect(segmentsOf('', [])).toEqual([]);
});

test('where spans overlap the longer one has the place', () => {
  const spans = [
    { start: 2, stop: 6 },
    { start: 4, stop: 10 },
  ];
  expect(segmentsOf('0123456789ab', spans)).toEqual([
    { text: '01', span: null },
    { text: '23', span: 0 },
    { text: '456789', span: 1 },
    { text: 'ab', span: null },
  ]);
});

test('characters are counted as the server counts them', () => {
  expect(segmentsOf('🔥é🔥x', [{ start: 1, stop: 3 }])).toEqual([
    { text: '🔥', span: null },
    { text: 'é🔥', span: 0 },
    { text: 'x', span: null },
  ]);
});
