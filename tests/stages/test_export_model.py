"""The stage `export_model`: it fills its output, and refuses a tokenizer that is not the model's."""

from pathlib import Path

import pytest

from glassworks.common.errors import InvalidSpec
from tests.lm.export.speaker import make_checkpoint, make_tokenizer
from tests.stages.bench import run_stage

GIVEN_ID = f"{'tokenizer':x>64}"  # what the bench gives for an input called `tokenizer`


def test_a_checkpoint_becomes_a_folder_that_others_load(tmp_path: Path) -> None:
    make_tokenizer(tmp_path / "tokenizer")
    make_checkpoint(tmp_path / "checkpoint", {}, tokenizer_id=GIVEN_ID)

    context = run_stage(
        "export_model",
        tmp_path / "out",
        checkpoint=tmp_path / "checkpoint",
        tokenizer=tmp_path / "tokenizer",
    )

    assert {file.name for file in (tmp_path / "out" / "export").iterdir()} == {
        "config.json",
        "generation_config.json",
        "model.safetensors",
        "tokenizer.json",
        "tokenizer_config.json",
    }
    assert context.summaries["export"]["class"] == "ApertusForCausalLM"
    assert context.progressed[-1][:2] == (1, 1)


def test_another_tokenizer_is_refused(tmp_path: Path) -> None:
    make_tokenizer(tmp_path / "tokenizer")
    make_checkpoint(tmp_path / "checkpoint", {}, tokenizer_id="f" * 64)
    with pytest.raises(InvalidSpec, match="trained with the tokenizer ffffffffffff"):
        run_stage(
            "export_model",
            tmp_path / "out",
            checkpoint=tmp_path / "checkpoint",
            tokenizer=tmp_path / "tokenizer",
        )
