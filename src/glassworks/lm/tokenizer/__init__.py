"""Tokenizers: text to token ids and back, without loss; special tokens known by their role."""

from glassworks.lm.tokenizer.tokenizer import SpecialToken, Tokenizer, load_tokenizer

__all__ = ["SpecialToken", "Tokenizer", "load_tokenizer"]
