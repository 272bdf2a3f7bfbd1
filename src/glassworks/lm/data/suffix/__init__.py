"""Where a text stands in another: suffix arrays over the documents of a dataset, on disk, and looking texts up in them."""

from glassworks.lm.data.suffix.index import IndexWriter, TextIndex
from glassworks.lm.data.suffix.looking_up import CopiedSpan, Copies, Place, find_copies

__all__ = ["CopiedSpan", "Copies", "IndexWriter", "Place", "TextIndex", "find_copies"]
