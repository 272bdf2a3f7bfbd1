"""What a tokenizer does to a text, step by step: cut into words, then merge after merge.

In: a tokenizer and a short text. Out: the words with their tokens, and all merges in the order of their rank; undoing them
from the last on plays the film backwards. Kinds without merges (WordPiece, Unigram, characters) have words and tokens only.
"""

from glassworks.common.errors import LimitReached
from glassworks.lm.tokenizer.analysis.tokens import TokenView, view_token
from glassworks.lm.tokenizer.bpe import MergeStep, merge_word, ranks_of
from glassworks.lm.tokenizer.byte_alphabet import to_bytes
from glassworks.lm.tokenizer.tokenizer import Tokenizer
from glassworks.specs.base import Spec

MAX_CHARACTERS = 5_000


class WordTrace(Spec):
    """One word. symbols: what the merges begin with, as shown; hex: the word's bytes, empty where it is no bytes."""

    text: str
    hex: str
    symbols: tuple[str, ...]
    tokens: tuple[TokenView, ...]


class MergeTrace(Spec):
    """One merge: in word number `word` the symbols at `position` and after it become one, by merge number `rank`."""

    rank: int
    word: int
    position: int
    left: str
    right: str
    id: int


class Trace(Spec):
    """`merges` are in the order of their rank, which is the order in which the tokenizer learned them."""

    words: tuple[WordTrace, ...]
    merges: tuple[MergeTrace, ...]
    ids: tuple[int, ...]

    def symbols_after(self, num_merges: int) -> list[list[str]]:
        """The symbols of each word after the first `num_merges` merges."""
        words = [list(word.symbols) for word in self.words]
        for merge in self.merges[:num_merges]:
            at = merge.position
            words[merge.word][at : at + 2] = [merge.left + merge.right]
        return words


def trace(tokenizer: Tokenizer, text: str) -> Trace:
    """Everything that happens to `text`. Raises LimitReached beyond 5,000 characters, BadData as `encode` does."""
    if len(text) > MAX_CHARACTERS:
        raise LimitReached(
            "trace-too-long",
            f"The text has {len(text):,} characters; merges are shown for {MAX_CHARACTERS:,} at most.",
            "Take a sentence or a paragraph of it.",
        )
    ids = tokenizer.encode(text)
    ranks = ranks_of(tokenizer.layout.merges)
    words = []
    merges = []
    for number, word in enumerate(tokenizer.cut(text)):
        symbols = _first_symbols(tokenizer, word)
        steps = [] if _is_whole(tokenizer, word) else merge_word(symbols, ranks)[1]
        words.append(_word_trace(tokenizer, word, symbols))
        merges += [_merge_trace(tokenizer, number, step) for step in steps]
    ordered = sorted(
        merges, key=lambda merge: merge.rank
    )  # stable: words in order, from left to right
    return Trace(words=tuple(words), merges=tuple(ordered), ids=tuple(ids))


def _first_symbols(tokenizer: Tokenizer, word: str) -> list[str]:
    layout = tokenizer.layout
    if layout.model != "BPE":
        return [tokenizer.spelling(id_) for id_ in tokenizer.encode_word(word)]
    if _is_whole(tokenizer, word):
        return [word]
    symbols = []
    for character in word:
        is_known = character in layout.vocab or not layout.byte_fallback
        symbols += [character] if is_known else [f"<0x{b:02X}>" for b in character.encode()]
    return symbols


def _is_whole(tokenizer: Tokenizer, word: str) -> bool:
    """Whether the file says that a word which is a token needs no merges."""
    return tokenizer.layout.ignore_merges and word in tokenizer.layout.vocab


def _word_trace(tokenizer: Tokenizer, word: str, symbols: list[str]) -> WordTrace:
    data = to_bytes(word) if tokenizer.layout.spells_bytes else b""
    return WordTrace(
        text=data.decode("utf-8", errors="replace") if data else word,
        hex=data.hex(),
        symbols=tuple(symbols),
        tokens=tuple(view_token(tokenizer, id_) for id_ in tokenizer.encode_word(word)),
    )


def _merge_trace(tokenizer: Tokenizer, word: int, step: MergeStep[str]) -> MergeTrace:
    left, right = step.pair
    return MergeTrace(
        rank=step.rank,
        word=word,
        position=step.position,
        left=left,
        right=right,
        id=tokenizer.layout.vocab[left + right],
    )
