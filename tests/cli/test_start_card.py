"""The start card and promised against taken, in words."""

from typing import Any

from glassworks.cli.display import promise, start_card
from glassworks.specs.events import RunMeasured, RunPredicted

FOUND: dict[str, Any] = {
    "parameters": 1_310_720,
    "flops_per_token": 7_077_888.0,
    "steps": 1200,
    "num_tokens": 2_457_600,
    "epochs": 1.88,
    "training_flops": 1.74e13,
    "memory_bytes": {
        "weights": 5_000_000,
        "gradients": 10_000_000,
        "optimizer": 7_000_000,
        "activations": 120_000_000,
        "total": 142_000_000,
    },
    "program_bytes": 700_000_000,
    "disk_bytes": {"checkpoints": 30_000_000, "states": 14_000_000, "total": 44_000_000},
    "num_checkpoints": 6,
    "least_time_s": 43.5,
    "time_s": None,
    "based_on_runs": 0,
    "time_error": None,
    "first_loss": 7.6246,
    "predicted_final_loss": None,
    "predicted_final_loss_reason": "Not known yet: three finished runs tell it.",
    "shortages": [],
}


def test_what_is_not_known_is_said_to_be_so() -> None:
    rows = dict(start_card.rows(FOUND))
    assert rows["time"].startswith("not known yet")
    assert rows["time"].endswith("at full speed 44 s")
    assert rows["last loss"] == "Not known yet: three finished runs tell it."
    assert rows["first loss"] == "about 7.625"


def test_what_is_known_has_its_unit() -> None:
    known = {
        "time_s": 92.0,
        "based_on_runs": 2,
        "time_error": 0.08,
        "predicted_final_loss": 4.1,
        "predicted_final_loss_range": [4.0, 4.25],
    }
    rows = dict(start_card.rows({**FOUND, **known}))
    assert rows["time"] == (
        "about 1:32 min, from 2 runs here, which it would have missed by 8.0 % at most"
    )
    assert rows["reading"] == "2,457,600 tokens in 1,200 steps, 1.9 times the text"
    assert rows["memory"].startswith("842 MB: program 700 MB, weights 5.00 MB, gradients 10.0 MB")
    on_accelerator = dict(start_card.rows({**FOUND, **known, "program_bytes": 0}))
    assert on_accelerator["memory"].startswith("142 MB: weights 5.00 MB")
    assert rows["disk"] == "44.0 MB: 6 checkpoints 30.0 MB, states 14.0 MB"
    assert rows["last loss"] == "about 4.100, between 4.000 and 4.250"


def test_what_does_not_fit_comes_with_what_does() -> None:
    short = {"message": "It needs 9.0 GB of memory.", "hint": "Set accumulation = 4."}
    assert start_card.warnings({**FOUND, "shortages": [short]}) == [
        "It needs 9.0 GB of memory. Set accumulation = 4."
    ]
    assert start_card.warnings(FOUND) == []


def test_a_stage_without_steps_has_a_model_only() -> None:
    plain = {name: FOUND[name] for name in ("parameters", "flops_per_token")}
    assert [name for name, _ in start_card.rows(plain)] == ["model", "work"]


def test_promised_against_taken() -> None:
    promised = RunPredicted(
        asked_s=600.0, time_s=588.0, based_on_runs=1, memory_bytes=546_000_000, first_loss=7.6246
    )
    assert promise.expected(promised) == (
        "about 9:48 min (from 1 run) of the 10 min that you gave, 546 MB of memory, first loss 7.625"
    )
    taken = RunMeasured(time_s=612.0, memory_bytes=560_000_000, first_loss=7.62, final_loss=4.2)
    assert promise.compared(promised, taken) == (
        "time 10 min (expected 9:48 min), 10 min given, memory 560 MB (expected 546 MB), "
        "first loss 7.620 (expected 7.625), last loss 4.200 (not known before)"
    )
