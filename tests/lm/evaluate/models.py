"""Small parts for the tests of evaluation: tokens on disk and a model with fresh weights."""

from pathlib import Path

import torch

from glassworks.lm.data import TokenReader, TokenWriter
from glassworks.lm.model.architecture import parse_architecture
from glassworks.lm.model.transformer import Transformer, build_model

END = 0


def write_tokens(
    folder: Path, documents: list[list[int]], vocab_size: int, masks: list[list[bool]] | None = None
) -> TokenReader:
    folder.mkdir()
    with TokenWriter(folder, [0, *[2] * (vocab_size - 1)], END) as writer:
        for number, ids in enumerate(documents):
            writer.add(f"d{number}", ids, masks[number] if masks else None)
    return TokenReader(folder)


def tiny_model(vocab_size: int, context: int = 8, is_random: bool = True) -> Transformer:
    """A one-layer model; `is_random` gives its head weights that make different tokens differently likely."""
    torch.set_num_threads(1)
    document = {"width": 16, "layers": 1, "context": context, "attention": {"heads": 2}}
    model = build_model(parse_architecture(document), vocab_size=vocab_size)
    if is_random and model.head is not None:
        generator = torch.Generator().manual_seed(1)
        with torch.no_grad():
            model.head.weight.normal_(generator=generator)
    return model
