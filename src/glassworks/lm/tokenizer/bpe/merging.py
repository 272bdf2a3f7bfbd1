"""Learning: merge the pair of neighbors seen most often, and again, until there are enough merges.

In: words as symbols (numbers), and how often each word comes. Out: the merges, in the order in which they were learned;
the n-th one makes the symbol `first_id + n`.

After a merge only the words that held the pair have changed. So nothing is counted from the start: `words_of` knows
which words hold a pair, `pair_counts` is corrected by what these words lose and gain, and a heap keeps the most
frequent pair on top. A pair whose count fell meanwhile is put back with its true count when it comes up.
Where two pairs come equally often, the one with the lower numbers wins; the fast trainer does the same.
"""

import heapq
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from glassworks.lm.tokenizer.bpe.counting import Pair, count_pairs

Entry = tuple[int, Pair]
"""In the heap: minus the count (Python's heaps keep the smallest on top), and the pair."""


@dataclass(frozen=True, slots=True)
class Learned:
    """A merge that was just learned. number: of all so far. count: how often it was made, by which the text has fewer symbols."""

    number: int
    pair: Pair
    count: int


def learn_merges(
    words: Mapping[tuple[int, ...], int],
    first_id: int,
    num_merges: int,
    min_frequency: int = 1,
    on_merge: Callable[[Learned], None] = lambda _: None,
) -> list[Pair]:
    """At most `num_merges` merges of pairs that come at least `min_frequency` times.

    words: symbols of each different word -> how often it comes. on_merge: told each merge as it is learned.
    """
    learner = _Learner(words)
    merges: list[Pair] = []
    while len(merges) < num_merges:
        pair = learner.most_frequent_pair(max(1, min_frequency))
        if pair is None:
            break
        count = learner.merge(pair, first_id + len(merges))
        merges.append(pair)
        on_merge(Learned(len(merges), pair, count))
    return merges


def merge_in_word(word: Sequence[int], pair: Pair, merged: int) -> list[int]:
    """The word with each `pair` replaced by `merged`, from left to right: `aaa` becomes `[aa, a]`."""
    left, right = pair
    out = []
    i, last = 0, len(word) - 1
    while i <= last:
        if i < last and word[i] == left and word[i + 1] == right:
            out.append(merged)
            i += 2
        else:
            out.append(word[i])
            i += 1
    return out


class _Learner:
    """The words as they are now, with all counts kept true."""

    def __init__(self, words: Mapping[tuple[int, ...], int]) -> None:
        self.words: list[Sequence[int]] = list(words)
        self.frequencies = list(words.values())
        self.pair_counts: defaultdict[Pair, int] = defaultdict(int)
        self.words_of: defaultdict[Pair, set[int]] = defaultdict(set)
        for index, (word, frequency) in enumerate(words.items()):
            for pair, count in count_pairs(word).items():
                self.pair_counts[pair] += count * frequency
                self.words_of[pair].add(index)
        self.heap: list[Entry] = [(-count, pair) for pair, count in self.pair_counts.items()]
        heapq.heapify(self.heap)

    def most_frequent_pair(self, min_frequency: int) -> Pair | None:
        """The pair to merge next, or None when no pair is left that comes often enough."""
        while self.heap:
            count, pair = heapq.heappop(self.heap)
            true_count = self.pair_counts[pair]
            if -count != true_count:
                heapq.heappush(self.heap, (-true_count, pair))
            elif true_count < min_frequency:
                return None
            else:
                return pair
        return None

    def merge(self, pair: Pair, merged: int) -> int:
        """Replace `pair` in all words that hold it, and correct the counts. Returns how often it was replaced in the text."""
        change: defaultdict[Pair, int] = defaultdict(int)
        num_replaced = 0
        for index in self.words_of.pop(pair):
            word = self.words[index]
            new = merge_in_word(word, pair, merged)
            if len(new) == len(word):
                continue  # it lost the pair to an earlier merge
            self.words[index] = new
            frequency = self.frequencies[index]
            num_replaced += (len(word) - len(new)) * frequency
            for old_pair in pairwise(word):
                change[old_pair] -= frequency
            for new_pair in pairwise(new):
                change[new_pair] += frequency
                if merged in new_pair:
                    self.words_of[new_pair].add(index)
        for changed, difference in change.items():
            self.pair_counts[changed] += difference
            if difference > 0:
                heapq.heappush(self.heap, (-self.pair_counts[changed], changed))
        return num_replaced
