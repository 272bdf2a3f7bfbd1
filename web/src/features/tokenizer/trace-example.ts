// A trace to test with.
import type { MergeView, TraceView } from '@/lib/api/schema';

/** "abab é": two words; `ab` is merge 0, `abab` merge 5, the two bytes of é are merge 9. Ġ is the space, Ã and © the bytes. */
export const TRACE: TraceView = {
  words: [
    { text: 'abab', hex: '61626162', symbols: ['a', 'b', 'a', 'b'], base_ids: [97, 98, 97, 98], tokens: [] },
    { text: ' é', hex: '20c3a9', symbols: ['Ġ', 'Ã', '©'], base_ids: [32, 195, 169], tokens: [] },
  ],
  merges: [
    merge(0, 0, 0, 'a', 'b', 300),
    merge(0, 0, 1, 'a', 'b', 300),
    merge(5, 0, 0, 'ab', 'ab', 305),
    merge(9, 1, 1, 'Ã', '©', 309),
  ],
  ids: [305, 32, 309],
  counted_bytes: 0,
  token_counts: {},
};

function merge(
  rank: number,
  word: number,
  position: number,
  left: string,
  right: string,
  id: number,
): MergeView {
  const text = left + right;
  return {
    rank,
    word,
    position,
    left,
    right,
    id,
    text,
    left_text: left,
    right_text: right,
    left_id: -1,
    right_id: -1,
    count: null,
  };
}
