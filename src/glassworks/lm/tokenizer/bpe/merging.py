"""Learning: merge the pair of neighbors seen most often, and again, until there are enough merges.

In: words as symbols (numbers), and how often each word comes. Out: the merges, in the order in which they were learned;
the n-th one makes the symbol `first_id + n`.

After a merge only the words that held the pair have changed, and in them only the pairs beside it. So nothing is counted
from the start: `words_of` knows which words hold a pair, `pair_counts` is corrected by what these words lose and gain, and a
heap keeps the most frequent pair on top. A pair whose count fell meanwhile is put back with its true count when it comes up.
Where two pairs come equally often, the one with the lower numbers wins; the fast trainer does the same.
Unusual: inside, a word is a string of one character for each symbol, `chr(number)`, whatever that character may mean
elsewhere: Python finds and replaces in strings much faster than in lists. There may be 1.1 million symbols.
"""

import heapq
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from operator import add

Pair = tuple[int, int]
Entry = tuple[int, str]
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
        count = learner.merge(pair, chr(first_id + len(merges)))
        left, right = map(ord, pair)
        merges.append((left, right))
        on_merge(Learned(len(merges), merges[-1], count))
    return merges


def pairs_beside(word: str, pair: str, merged: str) -> Iterator[tuple[str, str]]:
    """In a word in which `pair` has become `merged`: each pair that is gone beside it, and the one in its place."""
    left, right = pair[0], pair[1]
    at = word.find(merged)
    while at >= 0:
        if at > 0:
            before = word[at - 1]
            yield (right if before == merged else before) + left, before + merged
        if at + 1 < len(word) and word[at + 1] != merged:  # else the next one tells of it
            yield right + word[at + 1], merged + word[at + 1]
        at = word.find(merged, at + 1)


class _Learner:
    """The words as they are now, with all counts kept true."""

    def __init__(self, words: Mapping[tuple[int, ...], int]) -> None:
        self.words = ["".join(map(chr, word)) for word in words]
        self.frequencies = list(words.values())
        self.pair_counts: defaultdict[str, int] = defaultdict(int)
        self.words_of: defaultdict[str, set[int]] = defaultdict(set)
        for index, (word, frequency) in enumerate(zip(self.words, self.frequencies, strict=True)):
            for pair in map(add, word, word[1:]):
                self.pair_counts[pair] += frequency
                self.words_of[pair].add(index)
        self.heap: list[Entry] = [(-count, pair) for pair, count in self.pair_counts.items()]
        heapq.heapify(self.heap)

    def most_frequent_pair(self, min_frequency: int) -> str | None:
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

    def merge(self, pair: str, merged: str) -> int:
        """Replace `pair` in all words that hold it, and correct the counts. Returns how often it was replaced in the text."""
        change: defaultdict[str, int] = defaultdict(int)
        num_replaced = 0
        for index in self.words_of.pop(pair):
            word = self.words[index]
            new = word.replace(pair, merged)  # from left to right: `aaa` becomes `[aa, a]`
            if new == word:
                continue  # it lost the pair to an earlier merge
            self.words[index] = new
            frequency = self.frequencies[index]
            num_replaced += (len(word) - len(new)) * frequency
            for lost, gained in pairs_beside(new, pair, merged):
                change[lost] -= frequency
                change[gained] += frequency
                self.words_of[gained].add(index)
        change[pair] -= num_replaced
        for changed, difference in change.items():
            self.pair_counts[changed] += difference
            if difference > 0:
                heapq.heappush(self.heap, (-self.pair_counts[changed], changed))
        return num_replaced
