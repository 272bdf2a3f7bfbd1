"""The stage brings a foreign tokenizer in, notes what it read, and refuses what changed since it was planned."""

from pathlib import Path
from typing import Any

import pytest

from glassworks.common.errors import BadData, Conflict, InvalidSpec, NotFound
from glassworks.lm.tokenizer import load_tokenizer
from glassworks.lm.tokenizer.foreign import fingerprint_of
from glassworks.stages import STAGES
from tests.lm.tokenizer.spm_models import model
from tests.lm.tokenizer.test_foreign import llama3
from tests.stages.bench import make_context, run_stage


@pytest.fixture
def file(tmp_path: Path) -> Path:
    llama3().save(str(tmp_path / "tokenizer.json"))
    return tmp_path / "tokenizer.json"


def planned(path: Path | str, **more: Any) -> Any:
    stage = STAGES.load("import_tokenizer")
    return stage.resolve(stage.Config.model_validate({"path": str(path), **more}), {})


def run(config: Any, out: Path) -> Any:
    return run_stage("import_tokenizer", out, config.model_dump())


def test_a_file_comes_in_with_its_ids(file: Path, tmp_path: Path) -> None:
    context = run(planned(file), tmp_path / "out")
    tokenizer = load_tokenizer(tmp_path / "out/tokenizer")
    reference = llama3()
    assert tokenizer.encode("Good night, 1234") == reference.encode("Good night, 1234").ids
    assert context.summaries["tokenizer"] == {
        "kind": "byte_bpe",
        "vocab_size": reference.get_vocab_size(),
        "roles": {"begin": "<|begin_of_text|>", "end": "<|end_of_text|>", "tool": "<|python_tag|>"},
        "has_chat_template": False,
    }
    assert context.progressed[-1] == (1, 1, "tokenizers", "reading")


def test_roles_may_be_said(file: Path, tmp_path: Path) -> None:
    run(planned(file, roles={"end": "<|eot_id|>"}), tmp_path / "out")
    tokenizer = load_tokenizer(tmp_path / "out/tokenizer")
    assert {role: special.token for role, special in tokenizer.roles.items()} == {
        "end": "<|eot_id|>"
    }
    with pytest.raises(InvalidSpec, match="no special token"):
        run(planned(file, roles={"end": "the"}), tmp_path / "no")


def test_one_token_a_byte(tmp_path: Path) -> None:
    run(planned("known:bytes"), tmp_path / "out")
    assert load_tokenizer(tmp_path / "out/tokenizer").encode("ö") == list("ö".encode())


def test_the_plan_notes_everything_that_counts(file: Path, tmp_path: Path) -> None:
    first = planned(file)
    assert first.path == str(file)
    assert planned(tmp_path).fingerprint == first.fingerprint  # the folder: the same file
    context = make_context("import_tokenizer", tmp_path / "out", {"path": str(file)}, {})
    (tmp_path / "chat_template.jinja").write_text("{{ messages[0].content }}")
    with pytest.raises(Conflict, match="has changed since this run was planned"):
        STAGES.load("import_tokenizer")().run(context)
    second = planned(tmp_path)
    assert second.fingerprint != first.fingerprint
    run(second, tmp_path / "again")
    assert load_tokenizer(tmp_path / "again/tokenizer").chat_template is not None


def test_of_a_large_file_the_beginning_counts(tmp_path: Path) -> None:
    """A hole of a hundred gigabytes takes no time; another size is another file."""
    with (tmp_path / "x.gguf").open("wb") as opened:
        opened.write(b"GGUF")
        opened.truncate(100_000_000_000)
    before = fingerprint_of(str(tmp_path))
    with (tmp_path / "x.gguf").open("r+b") as opened:
        opened.truncate(100_000_000_001)
    assert fingerprint_of(str(tmp_path)) != before


def test_what_is_no_tokenizer(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="no tokenizer at") as caught:
        planned(tmp_path)
    assert caught.value.where == "path"
    with pytest.raises(NotFound, match="'gpt1' is not on this machine") as caught:
        planned("known:gpt1")
    assert "gpt2" in caught.value.hint
    (tmp_path / "tokenizer.model").write_bytes(model("llama2")[:2000])
    with pytest.raises(BadData):
        run(planned(tmp_path), tmp_path / "out")
    assert list((tmp_path / "out/tokenizer").iterdir()) == []
