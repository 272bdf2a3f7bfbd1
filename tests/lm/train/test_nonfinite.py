"""Where a number broke is named: a weight, the output of a part, or a gradient; nothing where all is sound."""

import math
from pathlib import Path

import pytest

from glassworks.common.errors import Diverged
from glassworks.lm.train.nonfinite import first_nonfinite
from glassworks.lm.train.trainer import Trainer
from tests.lm.train.tiny import make_trainer, write_tokens


@pytest.fixture
def trainer(tmp_path: Path) -> Trainer:
    return make_trainer(write_tokens(tmp_path / "tokens"))


def test_all_is_sound(trainer: Trainer) -> None:
    trainer.update()
    assert first_nonfinite(trainer) == ""


def test_a_weight(trainer: Trainer) -> None:
    trainer.weights.masters["layers.1.attention.v.weight"][0, 0] = math.nan
    with pytest.raises(Diverged):
        trainer.update()
    assert first_nonfinite(trainer) == "the weights layers.1.attention.v.weight"


def test_the_output_of_the_first_part(trainer: Trainer) -> None:
    """Weights that are numbers, and a product that is none: later parts are broken too, the first is named."""
    trainer.weights.masters["layers.0.feed_forward.up.weight"].fill_(1e30)
    with pytest.raises(Diverged):
        trainer.update()
    assert first_nonfinite(trainer).startswith("the output of layers.0.feed_forward")


def test_a_gradient(trainer: Trainer) -> None:
    gradient = trainer.weights.masters["layers.1.attention.q.weight"].grad
    assert gradient is not None
    gradient.fill_(math.inf)
    assert first_nonfinite(trainer) == "the gradient of layers.1.attention.q.weight"
