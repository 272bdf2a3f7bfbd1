"""Tokenizers: which there are, and everything that can be asked of one."""
