"""The stage `index_text`: an index of a dataset, the same bytes each time, stopped where somebody asks."""

from pathlib import Path

import pytest

from glassworks.common.hashing import hash_file
from glassworks.lm.data.suffix import TextIndex, find_copies
from glassworks.specs.stage import Stopped
from glassworks.stages import STAGES
from tests.stages.bench import make_context, run_stage
from tests.stages.test_describe_dataset import TEXTS, dataset


def test_what_is_copied_is_found_with_its_source(tmp_path: Path) -> None:
    made = dataset(tmp_path / "in", TEXTS)
    context = run_stage("index_text", tmp_path / "out", {"piece_bytes": 50}, dataset=made)
    index = TextIndex(tmp_path / "out/index")
    assert len(index.pieces) == 3
    found = find_copies([index], "Then cool the glass slowly, and it must not crack.", 14)
    assert [(span.num_times, span.places[0].source) for span in found.spans] == [
        (2, "a.txt"),
        (1, "b.txt"),
    ]
    num_characters = sum(map(len, TEXTS.values()))
    figures = {"documents": 4, "bytes": num_characters, "characters": num_characters}
    assert context.summaries == {"index": figures}
    assert context.progressed[-1] == (4, 4, "documents", "sorting")


def test_the_same_dataset_gives_the_same_bytes(tmp_path: Path) -> None:
    made = dataset(tmp_path / "in", TEXTS)
    for name in ("one", "two"):
        run_stage("index_text", tmp_path / name, dataset=made)
    for file in (tmp_path / "one/index").iterdir():
        assert hash_file(file) == hash_file(tmp_path / "two/index" / file.name), file.name


def test_a_stop_is_heard(tmp_path: Path) -> None:
    made = dataset(tmp_path / "in", TEXTS)
    context = make_context("index_text", tmp_path / "out", {}, {"dataset": made})
    context.stop_after = 2
    with pytest.raises(Stopped):
        STAGES.load("index_text")().run(context)
