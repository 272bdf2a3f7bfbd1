"""Tokenizers that other programs made: read, made into an artifact of ours, with the same ids.

reading.py  find out what a file or folder is, and write the artifact
ranks.py    files that hold ranks only (tiktoken's and its ports): the merges are found again
roles.py    which special token plays which part: a guess by the file's settings, then by the spelling
"""

from glassworks.lm.tokenizer.foreign.reading import read_foreign

__all__ = ["read_foreign"]
