"""Tracked prompts: the model's own next tokens, also of a document that has not begun."""

from pathlib import Path

import pytest
import torch

from glassworks.lm.checkpoint import read_checkpoint
from glassworks.lm.generate.generate import next_logits
from glassworks.lm.tokenizer import load_tokenizer
from glassworks.lm.train.observe import likeliest
from tests.lm.export.speaker import make_checkpoint, make_tokenizer


@pytest.mark.parametrize("prompt", ["", "To be"])
def test_the_likeliest_next_tokens(tmp_path: Path, prompt: str) -> None:
    make_tokenizer(tmp_path / "tokenizer")
    make_checkpoint(tmp_path / "checkpoint", {})
    checkpoint = read_checkpoint(tmp_path / "checkpoint")
    tokenizer = load_tokenizer(tmp_path / "tokenizer")
    end = tokenizer.role_id("end")
    assert end is not None
    window = tokenizer.encode(prompt) or [end]
    own_V = next_logits(checkpoint.model, window)[: tokenizer.vocab_size].double().softmax(0)
    expected = own_V.topk(3)
    tokens, probabilities = likeliest(checkpoint, tokenizer, prompt, 3)
    assert tokens == tuple(tokenizer.decode([int(i)]) for i in expected.indices)
    torch.testing.assert_close(torch.tensor(probabilities, dtype=torch.float64), expected.values)
