"""Data: documents as tables, token ids as memory-mapped shards, and where documents come from."""

from glassworks.lm.data.documents import DatasetReader, DatasetWriter, Document
from glassworks.lm.data.token_writer import TokenWriter
from glassworks.lm.data.tokens import Batch, TokenReader

__all__ = ["Batch", "DatasetReader", "DatasetWriter", "Document", "TokenReader", "TokenWriter"]
