"""The dial turned by hand and by the clock."""

from itertools import pairwise

from glassworks.lm.model.architecture import parse_architecture
from glassworks.lm.model.dial.settings import DialSetting, turn
from glassworks.lm.model.dial.timing import fit
from glassworks.lm.train.config import TrainConfig

FLOPS_PER_S = 1e11


def seconds(setting: DialSetting) -> float:
    """A machine of 100 GFLOP/s that takes four seconds to begin."""
    return 4 + setting.training_flops / FLOPS_PER_S


def test_depth_alone_sets_a_model_and_a_training_that_can_be_run() -> None:
    setting = turn(4, 2048)
    architecture = parse_architecture(setting.document)
    config = TrainConfig.model_validate(setting.training)
    assert (architecture.layers, architecture.width, architecture.vocab_size) == (4, 128, 2048)
    assert setting.multiplying == setting.parameters - 2048 * 128
    assert config.steps * config.batch_size * architecture.context == setting.tokens
    assert abs(setting.tokens / (20 * setting.multiplying) - 1) < 0.02
    assert config.optimizer.learning_rate == 0.02


def test_more_depth_is_more_of_everything() -> None:
    settings = [turn(depth, 4096) for depth in (2, 4, 8, 12)]
    for smaller, larger in pairwise(settings):
        assert smaller.parameters < larger.parameters
        assert smaller.training_flops < larger.training_flops


def test_a_time_is_used_and_not_overrun() -> None:
    for minutes in (1, 10, 120):
        timed = fit(60 * minutes, 2048, seconds)
        assert 0.9 * 60 * minutes < timed.time_s <= 1.02 * 60 * minutes, minutes
        assert timed.sentences


def test_more_time_is_never_a_shallower_model() -> None:
    depths = [fit(60 * minutes, 2048, seconds).setting.depth for minutes in (1, 10, 100, 1000)]
    assert depths == sorted(depths)
    assert depths[-1] > depths[0]


def test_a_short_text_is_not_read_more_than_four_times_and_fills_no_large_model() -> None:
    timed = fit(24 * 3600, 2048, seconds, tokens_available=1_300_000)
    assert timed.setting.multiplying <= 1_300_000
    assert timed.setting.epochs is not None
    assert timed.setting.epochs <= 4.01
    assert any("The text is short" in sentence for sentence in timed.sentences)
    assert any("done sooner" in sentence for sentence in timed.sentences)


def test_too_little_time_is_said() -> None:
    timed = fit(5, 2048, seconds)
    assert timed.setting.depth == 1
    assert timed.sentences == (
        "Even a model of one layer cannot read the 3,604,480 tokens that are due in 0.0833333 minutes.",
    )
