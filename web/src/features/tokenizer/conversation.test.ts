import { expect, it } from 'vitest';
import type { TokenizerAbout } from '@/lib/api/schema';
import { addedTokens, readConversation, usualConversation, writeConversation } from './conversation';

const about = (roles: string[], chat_template: string | null = null) =>
  ({
    special_tokens: roles.map((role, id) => ({ token: `<|${role}|>`, id, role })),
    chat_template,
  }) as TokenizerAbout;

it('adds what the plain template needs, and nothing to a tokenizer that has a template', () => {
  expect(usualConversation(about(['end'])).added.map(([role]) => role)).toEqual([
    'system',
    'user',
    'assistant',
  ]);
  expect(usualConversation(about([], '{{ messages }}')).added).toEqual([]);
});

it('a link is a copy of the conversation', () => {
  const usual = usualConversation(about(['end']));
  const changed = { ...usual, template: '{{ 1 }}', turns: [{ role: 'user', content: 'a' }], hasPrompt: true };
  expect(readConversation(writeConversation(changed, usual), usual)).toEqual(changed);
  expect(writeConversation(usual, usual)).toBe('');
});

it('a link with nonsense in it opens with the usual one', () => {
  const usual = usualConversation(about(['end']));
  for (const text of ['{', '{"turns": 3}', '{"turns": [{}], "added": []}'])
    expect(readConversation(text, usual)).toBe(usual);
});

it('half-written special tokens are not asked for', () => {
  const now = {
    ...usualConversation(about([])),
    added: [
      ['user', ''],
      ['', '<|x|>'],
      ['tool', '<|t|>'],
    ] as [string, string][],
  };
  expect(addedTokens(now)).toEqual({ tool: '<|t|>' });
});
