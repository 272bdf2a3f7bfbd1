"""Sources that need no file: text in the settings, what is made up by a rule, and what a package brings."""

import pytest

from glassworks.common.errors import BadData, InvalidSpec, LimitReached
from glassworks.lm.data.cuts import Cut
from glassworks.lm.data.sources.pasted_text import MAX_BYTES, PastedText


def pasted(text: str, cut: Cut = "none") -> list[tuple[str, str]]:
    config = PastedText.resolve(PastedText.Config(text=text, cut=cut))
    return [(document.id, document.text) for document in PastedText.read(config).documents]


def test_pasted_text_is_cut_as_a_file_is() -> None:
    text = "\ufeffone\r\ntwo\r\n\r\nthree\r"
    assert pasted(text) == [("pasted_text", "one\ntwo\n\nthree\n")]
    assert pasted(text, "paragraphs") == [("pasted_text:1", "one\ntwo"), ("pasted_text:2", "three")]
    assert [piece for _, piece in pasted(text, "lines")] == ["one", "two", "three"]
    assert len(pasted("word " * 4000, "passages")) >= 5


@pytest.mark.parametrize("read", [PastedText.resolve, PastedText.read])
def test_pasted_text_that_is_refused(read: object) -> None:
    assert callable(read)
    for text, kind, code in (
        (" \n", InvalidSpec, "text-missing"),
        ("ü" * (MAX_BYTES // 2) + "x", LimitReached, "text-too-long"),
        ("half \ud83d of one", BadData, "lone-surrogate"),
    ):
        with pytest.raises(kind) as caught:
            read(PastedText.Config(text=text))
        assert caught.value.code == code
    read(PastedText.Config(text="ü" * (MAX_BYTES // 2)))


def test_pasted_text_has_to_be_long_enough_for_passages() -> None:
    with pytest.raises(InvalidSpec, match="takes 10,000") as caught:
        pasted("x" * 9_999, "passages")
    assert caught.value.code == "text-too-small"
