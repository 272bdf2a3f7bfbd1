"""The dial's rules: each sentence against figures worked out by hand, and no torch on the way."""

import inspect
import subprocess
import sys

import pytest

from glassworks.lm.model.dial import rules


def test_every_rule_is_a_sentence_with_a_source_and_a_function() -> None:
    for rule in rules.RULES:
        assert rule.sentence.endswith(".")
        assert rule.source
        assert inspect.isfunction(getattr(rules, rule.name))
    assert len({rule.name for rule in rules.RULES}) == len(rules.RULES)


def test_the_width_goes_through_the_models_that_it_is_drawn_through() -> None:
    assert rules.width(4) == 128
    assert rules.width(12) == 768
    assert rules.width(32) == pytest.approx(4096, rel=0.1)
    assert rules.width(40) == pytest.approx(5120, rel=0.1)
    assert rules.width(1) == rules.SMALLEST_WIDTH


@pytest.mark.parametrize("depth", range(1, 97))
def test_every_depth_can_be_built(depth: int) -> None:
    width, heads = rules.width(depth), rules.heads(depth)
    assert width % heads == 0
    assert width // heads in (32, 64)
    assert rules.width(depth) <= rules.width(depth + 1)
    assert 128 <= rules.context(depth) <= 1024


def test_the_horizon_is_twenty_tokens_a_parameter() -> None:
    assert rules.horizon(1_000_000) == 20_000_000
    assert rules.epochs(20_000_000, 1_000_000) == 4_000_000
    assert rules.epochs(3_000_000, 1_000_000) == 3_000_000
    assert rules.capacity(1_000_000, 1_000_000)
    assert not rules.capacity(1_000_001, 1_000_000)


def test_the_batch_is_the_published_law() -> None:
    # 0.2920 x (10^18)^0.3271 = 225,500 tokens: 220 sequences of 1,024, of which 256 is the nearest power of two
    assert rules.batch(1e18, 1024) == 256
    assert rules.batch(1.0, 1024) == rules.SMALLEST_BATCH


def test_rates_hold_or_fall_with_the_width() -> None:
    assert rules.matrix_rate(128) == rules.matrix_rate(4096) == 0.02
    assert rules.vector_rate(128) == pytest.approx(4e-3)
    assert rules.vector_rate(512) == pytest.approx(2e-3)


def test_the_rules_need_no_torch() -> None:
    program = "import sys, glassworks.lm.model.dial.rules; sys.exit('torch' in sys.modules)"
    subprocess.run([sys.executable, "-c", program], check=True)
