"""Bits per byte do not depend on the tokenizer: a text of the same probability has the same figure, whatever cuts it.

The models are made by hand: one gives every byte of the text the probability that a table says, and each token of the other
tokenizer the product over its bytes. Both then give every document the same probability.
"""

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from glassworks.lm.data import TokenReader, TokenWriter
from glassworks.lm.data.documents import Document
from glassworks.lm.data.encoding import encode_documents
from glassworks.lm.data.mixing import weighted, write_mixture
from glassworks.lm.evaluate.loss import LossReport
from glassworks.lm.evaluate.yardsticks.base import loss_of
from glassworks.lm.tokenizer import Tokenizer
from glassworks.lm.tokenizer.tokenizer import save_tokenizer
from glassworks.lm.tokenizer.trainers import TRAINERS

VERSE = "the Sea sang to Éowyn; and the sea — 海 — sang of old songs, sands and seas"
WORDS = VERSE.split()
TEXTS = [" ".join(WORDS[i % 11 :: i % 3 + 1]) for i in range(30)]
END_NATS = 1.7


def make_tokenizer(folder: Path, kind: str) -> Tokenizer:
    trainer = TRAINERS.load(kind)
    folder.mkdir()
    settings = {"vocab_size": 290} if "vocab_size" in trainer.Config.model_fields else {}
    found = trainer.train(trainer.Config.model_validate(settings), iter(TEXTS))
    return save_tokenizer(folder, found.inner, found.roles)


def write(folder: Path, tokenizer: Tokenizer) -> TokenReader:
    end = tokenizer.role_id("end")
    assert end is not None
    folder.mkdir()
    documents = [Document(f"d{n}", text, "test", f"d{n}") for n, text in enumerate(TEXTS)]
    with TokenWriter(folder, [len(t) for t in tokenizer.token_bytes], end) as writer:
        writer.add_packed(encode_documents(documents, tokenizer, end))
    return TokenReader(folder)


def measured(reader: TokenReader, tokenizer: Tokenizer, nats_of_byte: Any) -> LossReport:
    """The report of the model that gives each byte `nats_of_byte`, and an end token `END_NATS`."""
    nats_of_token = np.array(
        [sum(nats_of_byte[byte] for byte in token) for token in tokenizer.token_bytes]
    )
    nats_of_token[reader.end_id] = END_NATS
    return loss_of(reader, nats_of_token[reader.tokens()])


@pytest.mark.parametrize("kind", ["byte_bpe", "unigram", "character"])
@pytest.mark.parametrize("is_even", [True, False])
def test_two_tokenizers_one_probability_one_figure(
    tmp_path: Path, kind: str, is_even: bool
) -> None:
    table = np.full(256, math.log(256))
    if not is_even:
        table = np.random.Generator(np.random.Philox(key=3)).uniform(1, 9, 256)
    reports = {}
    for name in ("byte", kind):
        tokenizer = make_tokenizer(tmp_path / name, name)
        reader = write(tmp_path / f"{name}-tokens", tokenizer)
        reports[name] = measured(reader, tokenizer, table)
    one, other = reports["byte"], reports[kind]
    assert one.num_bytes == other.num_bytes == sum(len(text.encode()) for text in TEXTS)
    assert other.bits_per_byte == pytest.approx(one.bits_per_byte, rel=1e-9)
    assert other.bits_interval == pytest.approx(one.bits_interval, rel=1e-9)
    if is_even:
        assert one.bits_per_byte == pytest.approx(8.0, rel=1e-12)
        assert one.nats_per_token != pytest.approx(other.nats_per_token, rel=1e-3)


def test_what_a_tokenizer_drops_still_counts_as_text(tmp_path: Path) -> None:
    """WordPiece forgets how words were set apart; the bytes are those that were imported."""
    tokenizer = make_tokenizer(tmp_path / "wordpiece", "wordpiece")
    reader = write(tmp_path / "tokens", tokenizer)
    assert reader.num_bytes == sum(len(text.encode()) for text in TEXTS)
    assert reader.num_decoded != reader.num_bytes
    report = loss_of(reader, np.full(reader.num_tokens, 2.0))
    bits = 2.0 / math.log(2) * (reader.num_tokens - reader.num_documents)
    assert report.num_bytes == reader.num_bytes
    assert report.bits_per_byte == pytest.approx(bits / reader.num_bytes)
    mixed = tmp_path / "mixed"
    mixed.mkdir()
    parts = weighted(["a", "b"], [reader, reader], [None, None], [None, None], 1.0)
    write_mixture(mixed, parts, [reader, reader])
    assert TokenReader(mixed).bytes_per_decoded == pytest.approx(reader.bytes_per_decoded)
