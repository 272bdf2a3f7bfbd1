"""Contestants take turns, and the report says what each is and how ours compares."""

from types import ModuleType
from typing import Any

import pytest

from benchmarks import generate, train
from benchmarks.arena import Contestant, hold
from benchmarks.shapes import SHAPES
from glassworks.cli.commands.bench import tell

TINY: dict[str, Any] = {
    "width": 16,
    "layers": 1,
    "heads": 2,
    "context": 16,
    "vocab_size": 64,
    "batch": 2,
    "rows": 2,
    "threads": 1,
    "dtype": "fp32",
    "warm_up": 1,
}


@pytest.mark.parametrize("benchmark", [train, generate], ids=["train", "generate"])
def test_ours_and_the_peer_take_turns(benchmark: ModuleType) -> None:
    contestants: list[Contestant] = benchmark.CONTESTANTS[:2]
    found = hold(contestants, benchmark.OURS, TINY, rounds=3, units=1)
    ours, peer = (found["contestants"][one.name] for one in contestants)
    assert ours["parameters"] > 0 and peer["parameters"] > 0
    for rates in (ours["tokens_per_s"], peer["tokens_per_s"]):
        assert 0 < rates["least"] <= rates["median"] <= rates["greatest"]
    assert ours.get("digest") == peer.get("digest"), "what is written is the same"
    (ratio,) = found["ratios"].values()
    assert ratio["least"] <= ratio["median"] <= ratio["greatest"]


def test_a_whole_comparison_in_words(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(SHAPES, "tiny", {k: TINY[k] for k in SHAPES["small"]})
    monkeypatch.setattr(generate, "CONTESTANTS", generate.CONTESTANTS[:1])
    monkeypatch.setattr(train, "CONTESTANTS", train.CONTESTANTS[:3:2])
    tell(generate.measure("tiny", rounds=1, rows=2, threads=1))
    tell(train.measure("tiny", rounds=1, steps=1, threads=1))
    words = capsys.readouterr().out
    assert "both wrote the same tokens: yes" in words
    assert "of the ceiling" in words and "%" in words and "glassworks / plain PyTorch" in words


def test_a_contestant_that_ends_is_told() -> None:
    with pytest.raises(SystemExit, match="'nobody' ended"):
        hold([Contestant("nobody", "no_such_program")], "nobody", TINY, rounds=1, units=1)
