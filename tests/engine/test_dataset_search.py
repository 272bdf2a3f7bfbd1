"""What a person's words ask for, and the index asked with them."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glassworks.common.errors import BadData, LimitReached
from glassworks.engine import dataset_search as module
from glassworks.engine.dataset_search import Term, look_up, terms_of
from glassworks.lm.data import Document
from glassworks.lm.data.searching import SearchWriter

TEXTS = (
    "the king walks",
    "the queen and the king, the king",
    "Größer, größer! naïve",
    "x" * 50,
    "日本語のテスト",
)


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("index")
    with SearchWriter(folder) as writer:
        for number, text in enumerate(TEXTS):
            writer.add(Document(f"d{number}", text, "s", "g"), 0, 0, number)
    return folder / "search.sqlite"


def test_words_quotes_and_beginnings() -> None:
    assert terms_of('king  "walks alone" que* "the k"*') == (
        Term("king"),
        Term("walks alone"),
        Term("que", is_prefix=True),
        Term("the k", is_prefix=True),
    )
    assert terms_of("k* 日* ki*") == (Term("k"), Term("日", True), Term("ki", True))
    assert terms_of('"open quote') == (Term("open quote"),)
    assert terms_of('- "" * " " ... 💥') == ()
    assert terms_of("a a") == (Term("a"),)


def test_the_best_ones_come_first(index: Path) -> None:
    assert look_up(index, terms_of("king"), 10, 0) == (5, 2, [1, 0])
    assert look_up(index, terms_of("king"), 1, 1) == (5, 2, [0])
    assert look_up(index, terms_of("GRÖßER naive"), 10, 0) == (5, 1, [2])
    assert look_up(index, terms_of("テスト 日本"), 10, 0) == (5, 1, [4])
    assert look_up(index, terms_of("本日"), 10, 0) == (5, 0, [])
    assert look_up(index, terms_of("..."), 10, 0) == (5, 0, [])


@given(st.text(max_size=30), st.sampled_from(TEXTS))
def test_nothing_is_an_error_and_more_words_find_less(index: Path, noise: str, text: str) -> None:
    word = text.split(maxsplit=1)[0].strip(",")
    _, alone, _ = look_up(index, terms_of(word), 10, 0)
    num, both, places = look_up(index, terms_of(f"{noise} {word}"), 10, 0)
    assert num == 5 and alone >= 1
    assert len(places) == both <= 5
    if '"' not in noise:
        assert both <= alone


def test_of_very_many_the_first_ones_come_first(
    index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MAX_RANKED", 1)
    assert look_up(index, terms_of("king"), 10, 0) == (5, 2, [0, 1])


def test_a_search_that_never_ends_is_ended(index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_SECONDS", -1.0)
    monkeypatch.setattr(module, "STEPS_OF_SQLITE", 1)
    with pytest.raises(LimitReached, match="longer than"):
        look_up(index, terms_of("king"), 10, 0)


def test_a_command_line_may_hold_what_is_no_text(index: Path) -> None:
    assert look_up(index, terms_of("king \udcff"), 10, 0)[1] == 2
    assert look_up(index, terms_of("ki\udcffng"), 10, 0)[1] == 0


def test_a_damaged_index_is_told(tmp_path: Path) -> None:
    file = tmp_path / "search.sqlite"
    file.write_bytes(b"not a database at all" * 300)
    with pytest.raises(BadData, match=r"search\.sqlite"):
        look_up(file, terms_of("king"), 10, 0)
    with pytest.raises(BadData):
        look_up(tmp_path / "missing", terms_of("king"), 10, 0)
