"""A small real tokenizer and a checkpoint that belongs to it."""

from pathlib import Path
from typing import Any

import tokenizers
from tokenizers import decoders, models, pre_tokenizers, trainers

from glassworks.lm.checkpoint import write_checkpoint
from glassworks.lm.model.architecture import parse_architecture
from glassworks.lm.model.transformer import Transformer
from glassworks.lm.tokenizer.tokenizer import Tokenizer, save_tokenizer
from tests.lm.model.tiny import shaken_model

TEXT = "To be, or not to be, that is the question: <|end|> whether 'tis nobler… naïve 東京\n\n"


def make_tokenizer(folder: Path) -> Tokenizer:
    """Byte-level BPE of 300 tokens with a begin and an end."""
    inner = tokenizers.Tokenizer(models.BPE())
    inner.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    inner.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=300,
        special_tokens=["<|begin|>", "<|end|>"],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    inner.train_from_iterator([TEXT] * 20, trainer)
    folder.mkdir()
    return save_tokenizer(folder, inner, {"begin": "<|begin|>", "end": "<|end|>"})


def make_checkpoint(folder: Path, document: dict[str, Any], tokenizer_id: str = "t") -> Transformer:
    """A checkpoint with random weights, and its model."""
    base = {"vocab_size": 300, "context": 16, "width": 16, "layers": 2}
    model = shaken_model(parse_architecture({**base, **document}))
    folder.mkdir()
    write_checkpoint(folder, model.state_dict(), model.architecture, 7, tokenizer_id)
    return model
