"""Texts and names as numbers of 64 bits: the first of sha256, the same on every machine."""

import hashlib


def hash_name(name: str) -> int:
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "little")


def hash_text(text: str) -> int:
    """The same for texts that differ in blanks at their ends alone."""
    return hash_name(text.strip())
