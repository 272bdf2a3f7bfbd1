"""Suffix arrays equal the plain sort; what is looked up equals trying every stretch; no match crosses documents."""

import json
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from glassworks.common.errors import BadData, InvalidSpec, NotFound
from glassworks.lm.data import DatasetReader, DatasetWriter, Document
from glassworks.lm.data.suffix import IndexWriter, TextIndex, find_copies
from glassworks.lm.data.suffix.looking_up import (
    count_covered,
    find_share,
    longest_stretches,
    passages,
    plain_stretches,
)
from glassworks.lm.data.suffix.sorting import plain_suffix_array, suffix_array

FEW = "aab é日🔥"
"""Few different characters, so that much repeats; of one to four bytes, some with bytes in common."""
texts = st.text(alphabet=st.sampled_from(FEW), max_size=24)


def write(folder: Path, documents: Sequence[str], piece_bytes: int = 1 << 20) -> TextIndex:
    with IndexWriter(folder, piece_bytes) as writer:
        for number, text in enumerate(documents):
            writer.add(Document(f"d{number}", text, f"s{number}", f"d{number}"))
    return TextIndex(folder)


@given(st.one_of(st.binary(max_size=80), st.text(alphabet="ab\0", max_size=200).map(str.encode)))
@example(b"\0\0\0\0\0\0\0\0\0\0")
@example(b"a\xff\0\xffa\xff\0")
@example(b"ab" * 60)
def test_doubling_gives_what_the_plain_sort_gives(text: bytes) -> None:
    found = suffix_array(np.frombuffer(text, np.uint8))
    assert found.tolist() == plain_suffix_array(text)


def test_what_the_tick_raises_ends_the_sorting() -> None:
    def stop() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        suffix_array(np.frombuffer(b"ab" * 100, np.uint8), stop)


@settings(max_examples=150)
@given(
    st.lists(texts, max_size=5),
    texts,
    st.integers(min_value=1, max_value=4),
    st.sampled_from([1, 12, 1 << 20]),
)
@example(["ab", "ab"], "abab", 1, 1 << 20)
@example(["", "", ""], "a", 1, 1)
@example(["é"], "ê", 1, 1)
def test_every_longest_stretch_is_found_and_counted(
    documents: list[str], text: str, least: int, piece_bytes: int
) -> None:
    """Whatever the pieces are; a stretch that would need two documents is none."""
    with TemporaryDirectory() as folder:
        index = write(Path(folder), documents, piece_bytes)
        found = find_copies([index], text, least, num_places=100)
    stretches = [(span.start, span.stop) for span in found.spans]
    assert stretches == plain_stretches(documents, text, least)
    covered = {place for start, stop in stretches for place in range(start, stop)}
    assert (found.num_characters, found.num_copied) == (len(text), len(covered))
    for span in found.spans:
        wanted = text[span.start : span.stop]
        where = [
            (number, offset)
            for number, document in enumerate(documents)
            for offset in range(len(document))
            if document.startswith(wanted, offset)
        ]
        assert span.num_times == len(where)
        assert [(place.ordinal, place.offset) for place in span.places] == where
        for place in span.places:
            whole = documents[place.ordinal]
            end = place.offset + len(wanted)
            assert (place.before, place.after) == (whole[: place.offset], whole[end:])
            assert (place.document, place.source) == (f"d{place.ordinal}", f"s{place.ordinal}")


def test_several_indexes_are_one_text_and_a_place_says_which(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
    one = write(tmp_path / "one", ["cool the glass slowly"])
    two = write(tmp_path / "two", ["", "blow the glass, then cool it", "cool the glass"])
    found = find_copies([one, two], "now cool the glass, then", 10, num_places=2)
    assert [(s.start, s.stop, s.num_times) for s in found.spans] == [(4, 18, 2), (8, 24, 1)]
    assert [(p.index, p.document, p.offset) for p in found.spans[0].places] == [
        (0, "d0", 0),
        (1, "d2", 0),
    ]
    assert found.num_copied == 20
    assert found.share == pytest.approx(20 / 24)


def test_the_neighborhood_is_cut_at_characters_and_at_the_document(tmp_path: Path) -> None:
    index = write(tmp_path, ["x", "🔥" * 9 + "glass" + "é" * 9, "y"])
    (span,) = find_copies([index], "glass", 5, around=4).spans
    assert (span.places[0].before, span.places[0].after) == ("🔥" * 4, "é" * 4)
    assert span.places[0].offset == 9


def test_stretches_that_overlap_count_once() -> None:
    assert count_covered(iter([(0, 4), (2, 6), (3, 5), (8, 9)])) == 7


def test_passages_are_spread_and_have_the_length_that_was_asked_for(tmp_path: Path) -> None:
    documents = ["0123456789" * 3, "ab", "", "cdefgh"]
    with DatasetWriter(tmp_path) as writer:
        for number, text in enumerate(documents):
            writer.add(Document(f"d{number}", text, "s", f"d{number}"))
    dataset = DatasetReader(tmp_path)
    found = passages(dataset, 6, 4)
    assert found == [["234567"], ["ab", "", "cdef"], ["", "cdefgh"], ["cdefgh"]]
    several = passages(dataset, 6, 16)
    assert [texts[0] for texts in several[:4]] == ["345678", "901234", "567890", "123456"]
    assert find_share([write_in(tmp_path / "index", ["234567"])], found[0], 4) == 1


def write_in(folder: Path, documents: Sequence[str]) -> TextIndex:
    folder.mkdir()
    return write(folder, documents)


def test_a_long_copy_and_a_long_repetition(tmp_path: Path) -> None:
    """What is compared does not begin anew with each character: 20,000 of them are found at once."""
    whole = "".join(map(str, range(5000)))
    index = write(tmp_path, [whole, "na" * 5000])
    assert list(longest_stretches([index], whole, 20)) == [(0, len(whole))]
    ((start, stop),) = longest_stretches([index], "ba" + "na" * 2000, 20)
    assert (start, stop) == (1, 4002)


def test_other_folders_and_damage(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match=r"index\.json is missing"):
        TextIndex(tmp_path)
    write(tmp_path, ["some text"])
    (tmp_path / "text-00000.bin").write_bytes(b"some")
    with pytest.raises(BadData, match="damaged"):
        TextIndex(tmp_path)
    (tmp_path / "text-00000.bin").unlink()
    with pytest.raises(BadData, match="damaged"):
        TextIndex(tmp_path)
    figures = json.loads((tmp_path / "index.json").read_text())
    (tmp_path / "index.json").write_text(json.dumps({**figures, "format": 2}))
    with pytest.raises(InvalidSpec, match="format 2"):
        TextIndex(tmp_path)


def test_nothing_is_left_half_when_writing_fails(tmp_path: Path) -> None:
    with pytest.raises(KeyError), IndexWriter(tmp_path) as writer:
        writer.add(Document("a", "text", "s", "a"))
        raise KeyError
    assert not list(tmp_path.iterdir())
