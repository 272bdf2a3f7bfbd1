import { expect, it } from 'vitest';
import { copies, fromSearch, START, toSearch } from './state';

it('a link is a copy of the state', () => {
  const state = {
    ...fromSearch({}),
    ref: 'model/a@1',
    other: 'b',
    prompt: 'To be',
    mode: 'chat' as const,
    sampling: { ...START, top_k: 40 },
    seed: 3,
  };
  expect(fromSearch(toSearch(state))).toEqual(state);
  expect(toSearch(fromSearch({}))).toEqual({});
});

it('what is copied names the checkpoint, the prompt and every setting that matters', () => {
  const state = { ...fromSearch({ k: 40, prompt: "it's" }), ref: 'a' };
  const { command, curl, python } = copies(state, 'model/a@2', 'http://127.0.0.1:8400');
  expect(command).toContain("glassworks generate model/a@2 'it'\\''s'");
  expect(command).toContain('--top-k 40');
  expect(curl).toContain('"top_k":40');
  expect(python).toContain('top_k=40');
  expect(command).not.toContain('--raw');
  expect(copies(state, 'a', '', true).command).toMatch(/--raw$/);
});

it('a prompt of several lines stays on the line of its command', () => {
  const state = { ...fromSearch({ prompt: "HAMLET\nit's" }), ref: 'a' };
  expect(copies(state, 'a', '').command).toContain("glassworks generate a $'HAMLET\\nit\\'s' \\");
});
