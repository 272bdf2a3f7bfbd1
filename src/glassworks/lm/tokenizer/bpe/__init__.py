"""Byte-level BPE, the whole algorithm in plain Python, in the order in which it happens:

    pieces.py   cut a text into words, so that no token crosses a word's border
    counting.py count the words
    merging.py  learn: merge the most frequent pair, count again, repeat
    encoding.py use: merge a word's bytes in the order in which the merges were learned

It gives the very merges and ids that the fast libraries give; tests hold that. It is the code to read, and the code that
shows each step (`analysis/trace.py`); the libraries do the bulk work.
Source: Sennrich et al., "Neural Machine Translation of Rare Words with Subword Units" (2016); bytes as in GPT-2 (2019).
"""

from glassworks.lm.tokenizer.bpe.counting import count_pieces
from glassworks.lm.tokenizer.bpe.encoding import BytePairEncoder, MergeStep, merge_word, ranks_of
from glassworks.lm.tokenizer.bpe.merging import Learned, Pair, learn_merges
from glassworks.lm.tokenizer.bpe.pieces import cut_into_pieces

__all__ = [
    "BytePairEncoder",
    "Learned",
    "MergeStep",
    "Pair",
    "count_pieces",
    "cut_into_pieces",
    "learn_merges",
    "merge_word",
    "ranks_of",
]
