"""Tokenizers that other programs made: read, made into an artifact of ours, with the same ids.

bringing.py        by a path or by a known name, and whether it is still the same
reading.py         find out what a file or folder is, and write the artifact
ranks.py           files that hold ranks only (tiktoken's and its ports): the merges are found again
sentencepiece.py   SentencePiece models; protobuf.py reads their fields
gguf_tokenizer.py  the tokenizer in a GGUF file; gguf.py reads the head of such a file
pieces.py          pieces with scores, from either of the two, as a `tokenizer.json`
charsmap.py        whether a compiled map of characters is sound
roles.py           which special token plays which part: a guess by the file's settings, then by the spelling
known.py           tokenizers that many people know, and where their files lie
failures.py        the two errors
"""

from glassworks.lm.tokenizer.foreign.bringing import bring_in, fingerprint_of, place_of
from glassworks.lm.tokenizer.foreign.reading import read_foreign

__all__ = ["bring_in", "fingerprint_of", "place_of", "read_foreign"]
