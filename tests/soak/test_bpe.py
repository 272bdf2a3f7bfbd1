"""The readable trainer and the library agree on a vocabulary of full size."""

import pytest

from tests.lm.tokenizer.plays import plays
from tests.lm.tokenizer.test_bpe import both_trainers

pytestmark = pytest.mark.soak


def test_the_same_merges_on_the_plays_at_16384() -> None:
    fast, readable = both_trainers(list(plays()), 16_384)
    assert readable.inner.to_str() == fast.inner.to_str()
