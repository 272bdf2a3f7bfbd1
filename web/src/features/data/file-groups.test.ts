import { describe, expect, it } from 'vitest';
import type { FileView } from '@/lib/api/schema';
import type { SentFile } from '@/lib/folder-upload';
import { groupFiles, settledAt } from './file-groups';

const file = (path: string, sizeBytes = 10): SentFile => ({
  path,
  sizeBytes,
  sentBytes: sizeBytes,
  state: 'sent',
  problem: null,
});
const look = (name: string, part: object = {}) =>
  ({
    name,
    columns: [],
    is_whole: true,
    num_documents: 2,
    estimated_documents: 2,
    ...part,
  }) as unknown as FileView;

describe('groupFiles', () => {
  it('leaves few files each by itself', () => {
    const groups = groupFiles([file('a.pdf'), file('b.txt')], { 'a.pdf': look('a.pdf') });
    expect(groups.map(group => [group.kind, group.label, group.documents])).toEqual([
      ['pdf', 'a.pdf', 2],
      ['txt', 'b.txt', 0],
    ]);
  });

  it('puts many files together by folder and kind, with their problems', () => {
    const files = [...Array(9)].map((_, n) => file(`manuals/${n}.pdf`)).concat(file('logs/x.TXT', 5));
    const problem = { code: 'no-text', message: 'pictures of paper', hint: '' };
    const groups = groupFiles(files, {
      'manuals/0.pdf': look('manuals/0.pdf', { problem }),
      'manuals/1.pdf': look('manuals/1.pdf', { is_whole: false, estimated_documents: 40 }),
    });
    expect(groups.map(group => group.label)).toEqual(['manuals, 9 files', 'logs/x.TXT']);
    expect(groups[0]).toMatchObject({
      sizeBytes: 90,
      numSent: 9,
      numLooked: 2,
      isEstimate: true,
      documents: 42,
    });
    expect(groups[0]?.problems.map(one => one.name)).toEqual(['manuals/0.pdf']);
  });
});

describe('settledAt', () => {
  it('grows by doubling and ends with all', () => {
    expect([0, 1, 2, 3, 5, 9, 10].map(sent => settledAt(sent, 10))).toEqual([0, 1, 2, 2, 4, 8, 10]);
  });
});
