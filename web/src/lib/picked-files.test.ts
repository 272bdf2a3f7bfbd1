import { expect, test } from 'vitest';
import { keptPath } from './picked-files';

test.each([
  ['/notes/a.txt', 'notes/a.txt'],
  ['poe\u0300me: "I"?.txt', 'poème I.txt'],
  ['Screenshot 1.23.45\u202fPM.md', 'Screenshot 1.23.45PM.md'],
  [' two  words .txt', 'two  words .txt'],
])('%s is kept as %s, as the server keeps it', (path, kept) => {
  expect(keptPath(path)).toBe(kept);
});
