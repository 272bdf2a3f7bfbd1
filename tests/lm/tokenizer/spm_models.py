"""SentencePiece models of several kinds, trained by SentencePiece itself on the plays and on mixed texts."""

import io
from functools import cache
from typing import Any

import sentencepiece

from tests.lm.tokenizer.mixed import mixed_texts
from tests.lm.tokenizer.plays import plays

PLAIN = {"normalization_rule_name": "identity", "remove_extra_whitespaces": False}
KINDS: dict[str, dict[str, Any]] = {
    "llama2": {"model_type": "bpe", "byte_fallback": True, **PLAIN},
    "bpe_trimmed": {"model_type": "bpe", "normalization_rule_name": "identity"},
    "bpe_with_symbols": {
        "model_type": "bpe",
        "byte_fallback": True,
        "user_defined_symbols": ["[TOOL]", "\n", "▁▁"],
        **PLAIN,
    },
    "gemma": {
        "model_type": "bpe",
        "byte_fallback": True,
        "add_dummy_prefix": False,
        "user_defined_symbols": ["<turn>", "\n\n"],
        **PLAIN,
    },
    "unigram": {"model_type": "unigram", "byte_fallback": True, **PLAIN},
    "unigram_letters": {"model_type": "unigram", **PLAIN},
    "t5": {"model_type": "unigram"},
}


@cache
def model(kind: str, vocab_size: int = 1200) -> bytes:
    """The bytes of `tokenizer.model`."""
    lines = [line for line in plays()[0].splitlines() if line][:4000]
    settings = {"character_coverage": 0.995, "hard_vocab_limit": False} | KINDS.get(
        kind, {"model_type": kind}
    )
    more = [] if kind == "unigram_letters" else mixed_texts(300, seed=3)
    written = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter([*lines, *more]),
        model_writer=written,
        vocab_size=vocab_size,
        num_threads=1,
        minloglevel=2,
        **settings,
    )
    return written.getvalue()
