"""Copies across the parts of a split: which are found, which are not, and what it costs."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from glassworks.lm.data.documents import Document
from glassworks.lm.data.leakage import Leak, LeakCheck, Measured, measure, text_hash


def prose(seed: int, num: int = 200) -> list[str]:
    """Words without a period, in another order for each seed."""
    state, words = seed + 1, []
    for _ in range(num):
        state = (state * 1_103_515_245 + 12_345) % 2**31
        words.append(f"word{(state >> 8) % 5000}")
    return words


def document(id_: str, text: str | list[str]) -> Document:
    return Document(id_, text if isinstance(text, str) else " ".join(text), "s", id_)


def measures(*documents: Document) -> Measured:
    return measure(documents)


@pytest.fixture
def check(tmp_path: Path) -> Iterator[LeakCheck]:
    made = LeakCheck(tmp_path, threshold=0.8)
    yield made
    made.close()


def test_equal_but_for_case_width_and_blanks(check: LeakCheck) -> None:
    check.expect(measures(document("a", "Glass  is\nmade of SAND")), "validation")
    check.expect(measures(document("b", "glass is made of sand.")), "validation")
    check.look(measures(document("t", "\uff27lass is made of sand ")), "train")
    assert list(check.leaks()) == [Leak("a", "validation", "t", "train", 1.0, True)]
    assert check.find("b") is None
    assert text_hash("Straße") == text_hash("STRASSE")


def test_near_copies_and_their_similarity(check: LeakCheck) -> None:
    words = prose(1)
    check.expect(
        measures(document("near", [*words[:-5], "and", "a", "little", "else", "here"])),
        "validation",
    )
    check.expect(measures(document("half", words[:100] + prose(2, 100))), "validation")
    check.look(measures(document("t", words)), "train")
    (leak,) = check.leaks()
    assert (leak.id, leak.twin, leak.is_equal) == ("near", "t", False)
    assert 0.85 < leak.similarity < 1


def test_few_words_are_no_near_copies(check: LeakCheck) -> None:
    check.expect(
        measures(document("a", "one two three four five six seven eight nine ten!")), "validation"
    )
    check.look(measures(document("t", "one two three four five six seven eight nine ten")), "train")
    assert list(check.leaks()) == []


def test_a_threshold_of_one_looks_for_equal_texts_only(tmp_path: Path) -> None:
    check, words = LeakCheck(tmp_path, threshold=1), prose(1)
    check.expect(measures(document("near", [*words, "more"])), "validation")
    check.expect(measures(document("equal", words)), "validation")
    check.look(measures(document("t", words)), "train")
    assert [leak.id for leak in check.leaks()] == ["equal"]
    check.close()


def test_a_part_is_protected_from_those_before_it(check: LeakCheck) -> None:
    for part in ("validation", "test"):
        check.expect(measures(document(f"{part}-both", prose(1))), part)
        check.expect(measures(document(f"{part}-own", prose(2))), part)
    check.look(measures(document("t", prose(1))), "train")
    check.look(measures(document("validation-own", prose(2))), "validation")
    found = {leak.id: leak.twin_part for leak in check.leaks()}
    assert found == {"validation-both": "train", "test-both": "train", "test-own": "validation"}
    assert check.counts() == {
        "validation": {"equal": 1, "near": 0},
        "test": {"equal": 2, "near": 0},
    }


def test_many_copies_are_all_found(check: LeakCheck) -> None:
    words = prose(3)
    for n in range(
        300
    ):  # more than the candidates that one band hands out when only the best is asked for
        check.expect(measures(document(f"v{n}", [*words, f"number{n}"])), "validation")
    check.look(measures(document("t", words)), "train")
    assert check.counts() == {"validation": {"equal": 0, "near": 300}}
    check.look(measures(document("u", words)), "train")
    assert {leak.twin for leak in check.leaks()} == {"t"}


def test_a_crowd_of_near_copies_is_told_once_each(check: LeakCheck, tmp_path: Path) -> None:
    """All share their bands: the first text that is learned from forgets them all, and is named as the twin of each."""
    words = prose(1)
    crowd = [document(f"v{n}", [*words, f"number{n}"]) for n in range(300)]
    check.expect(measure(crowd), "validation")
    learned = [document(f"t{n}", [*words, f"other{n}"]) for n in range(600)]
    check.look(measure(learned), "train")
    assert {leak.twin for leak in check.leaks()} == {"t0"}
    assert check.counts() == {"validation": {"equal": 0, "near": 300}}


def test_of_an_equal_and_a_near_copy_the_first_is_told(check: LeakCheck) -> None:
    words = prose(1)
    check.expect(measures(document("v", words)), "validation")
    check.look(measures(document("near", [*words, "more"]), document("equal", words)), "train")
    (leak,) = check.leaks()
    assert (leak.twin, leak.is_equal) == ("near", False)
    check.expect(measures(document("w", prose(2))), "validation")
    check.look(measures(document("both", prose(2))), "train")
    assert check.find("w") == Leak("w", "validation", "both", "train", 1.0, True)
