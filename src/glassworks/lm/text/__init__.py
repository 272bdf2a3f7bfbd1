"""Text: reading files as UTF-8, with an error that says what is wrong and where."""

from glassworks.lm.text.files import list_files, read_bytes_hash, read_text, stream_text

__all__ = ["list_files", "read_bytes_hash", "read_text", "stream_text"]
