"""SentencePiece models: the ids that SentencePiece gives, whatever they are made of; a hostile file is refused."""

import random
import unicodedata
from pathlib import Path

import pytest

from glassworks.common.errors import BadData, GlassworksError
from glassworks.lm.tokenizer import Tokenizer
from glassworks.lm.tokenizer.foreign import read_foreign
from glassworks.lm.tokenizer.foreign.charsmap import check_charsmap
from glassworks.lm.tokenizer.foreign.protobuf import bytes_in, fields
from glassworks.lm.tokenizer.losses import losses
from tests.lm.tokenizer.mixed import mixed_texts
from tests.lm.tokenizer.peers import of_sentencepiece
from tests.lm.tokenizer.spm_models import model

SYMBOLS = ("[TOOL]", "\n", "▁▁", "  ", "<turn>", "\n\n")
EXACT = ("llama2", "bpe_trimmed", "bpe_with_symbols", "gemma", "unigram_letters")


def read(data: bytes, folder: Path) -> Tokenizer:
    (folder / "tokenizer.model").write_bytes(data)
    (folder / "out").mkdir()
    return read_foreign(folder, folder / "out")


def texts_for(num: int) -> list[str]:
    """Mixed texts; none is one of the models' own symbols alone, which `pieces.py` names as the one difference."""
    return [text for text in mixed_texts(num) if text not in SYMBOLS]


@pytest.mark.parametrize("kind", EXACT)
def test_the_ids_of_sentencepiece(kind: str, tmp_path: Path) -> None:
    tokenizer = read(model(kind), tmp_path)
    original = of_sentencepiece(tmp_path / "tokenizer.model")
    texts = texts_for(10_000 if kind == "llama2" else 3000)
    expected = original.encode(texts)
    assert tokenizer.encode_many(texts) == expected
    known = [
        ids for ids in expected if 0 not in ids
    ]  # the library decodes what is unknown to nothing
    assert [tokenizer.decode(ids) for ids in known] == original.decode(known)
    assert len(known) > {"bpe_trimmed": 500, "unigram_letters": 50}.get(kind, 2900)


def test_unigram_but_for_equal_sums(tmp_path: Path) -> None:
    """Two ways to cut with the same sum of scores: rounding decides, and both are of the same pieces."""
    tokenizer = read(model("unigram"), tmp_path)
    original = of_sentencepiece(tmp_path / "tokenizer.model")
    texts = texts_for(3000)
    pairs = zip(tokenizer.encode_many(texts), original.encode(texts), strict=True)
    different = [(mine, theirs) for mine, theirs in pairs if mine != theirs]
    assert len(different) < 60
    assert all(sorted(mine) == sorted(theirs) for mine, theirs in different)


def test_a_map_of_characters_is_applied(tmp_path: Path) -> None:
    tokenizer = read(model("t5"), tmp_path)
    original = of_sentencepiece(tmp_path / "tokenizer.model")
    texts = ["ﬁne Å ①½", " a  b\t\nc ", "ｗｉｄｅ", "e\u0301", *texts_for(1000)]
    simple = [text for text in texts if not any(map(unicodedata.combining, text[1:]))]
    plain = [t for t in simple if all(ord(c) < 0x250 for c in t)]
    assert len(plain) > 200
    assert tokenizer.encode_many(plain) == original.encode(plain)
    assert tokenizer.encode_many(texts[:4]) == original.encode(texts[:4])
    assert "how many spaces there were" in [loss.what for loss in losses(tokenizer)]


@pytest.mark.parametrize("kind", [*EXACT, "unigram", "t5"])
def test_special_tokens_never_come_from_text(kind: str, tmp_path: Path) -> None:
    tokenizer = read(model(kind), tmp_path)
    assert tokenizer.role_id("begin") == 1
    assert tokenizer.role_id("end") == 2
    for text in ("<s>", "a</s>b", "<unk>", "x<s><s>", "<0x41>", " </s>"):
        ids = tokenizer.encode(text)
        assert not {1, 2} & set(ids)
        assert tokenizer.spelling(ids[-1]) != "<0x41>"
    assert tokenizer.encode("a</s>", with_special=True)[-1] == 2


@pytest.mark.parametrize("kind", ["llama2", "unigram", "gemma"])
def test_tokens_one_by_one_are_the_text(kind: str, tmp_path: Path) -> None:
    """A model writes token by token; no space between words may get lost."""
    tokenizer = read(model(kind), tmp_path)
    text = "To be, or  not\nto be: größer ☃"
    written = b"".join(tokenizer.token_bytes[id_] for id_ in tokenizer.encode(text)).decode()
    assert written == (text if kind == "gemma" else f" {text}")
    assert "".join(tokenizer.piece(id_) for id_ in tokenizer.encode("to be")).strip() == "to be"


@pytest.mark.parametrize(("kind", "problem"), [("word", "is word"), ("char", "is char")])
def test_kinds_that_are_not_known(kind: str, problem: str, tmp_path: Path) -> None:
    with pytest.raises(BadData, match=problem) as caught:
        read(model(kind, vocab_size=60), tmp_path)
    assert caught.value.code == "unknown-tokenizer-kind"


def test_what_cannot_be_had_with_the_same_ids(tmp_path: Path) -> None:
    data = model("llama2")
    pieces = [bytes_in(value) for number, value in fields(data) if number == 1]
    long = [
        piece for piece in pieces if piece[1] > 2 and piece.endswith(b"\xc1")
    ]  # scores from -8 on
    assert len(long) > 2
    same = data.replace(long[0], long[0][:-5] + long[1][-5:])
    with pytest.raises(BadData, match="have the same score") as caught:
        read(same, tmp_path)
    assert caught.value.code == "unknown-tokenizer-kind"


def test_a_damaged_model(tmp_path: Path) -> None:
    data = model("llama2")
    for number, cut in enumerate((5, 100, 5000, len(data) - 3)):
        (tmp_path / f"{number}").mkdir()
        with pytest.raises(BadData, match=r"cut short|one piece for what is unknown|256 bytes"):
            read(data[:cut], tmp_path / f"{number}")
    (tmp_path / "long").mkdir()
    claims = b"\n\xff\xff\xff\xff\xff\xff\xff\xff\x7f" + data
    (tmp_path / "long/x.model").write_bytes(claims)
    with pytest.raises(BadData):
        read_foreign(tmp_path / "long/x.model", tmp_path)


def charsmap() -> bytes:
    parts = [bytes_in(value) for number, value in fields(model("t5")) if number == 3]
    return next(bytes_in(value) for number, value in fields(parts[0]) if number == 2)


def test_a_map_that_leads_out_of_itself(tmp_path: Path) -> None:
    sound = charsmap()
    check_charsmap(sound)
    for broken in (b"", sound[:-1], sound[:4], b"\xff\xff\xff\x7f" + sound[4:], sound[:2000]):
        with pytest.raises(BadData, match="map of characters is damaged"):
            check_charsmap(broken)
    far = sound[:4] + b"\x00\xfe\xff\x7f" + sound[8:]  # the root's children lie far behind the end
    with pytest.raises(BadData):
        read(model("t5").replace(sound, far), tmp_path)


def test_damaged_files_never_end_the_process(tmp_path: Path) -> None:
    """Bytes changed at random: read all the same, or refused with words; what is read can encode."""
    try_damaged(tmp_path, num=60, seed=4)


@pytest.mark.soak
def test_many_damaged_files(tmp_path: Path) -> None:
    for seed in range(100, 120):
        try_damaged(tmp_path, num=500, seed=seed)


def try_damaged(folder: Path, num: int, seed: int) -> None:
    draw = random.Random(seed)
    read_well = 0
    for _ in range(num):
        data = bytearray(model(draw.choice(("llama2", "unigram", "t5"))))
        place = draw.randrange(len(data))
        data[place : place + draw.randrange(3)] = draw.randbytes(draw.randrange(3))
        file = folder / "damaged.model"
        file.write_bytes(data)
        try:
            tokenizer = read_foreign(file, folder)
            tokenizer.decode(tokenizer.encode("Good ﬁne e\u0301 ㌀ <s>  ☃\n"))
            read_well += 1
        except GlassworksError as error:
            assert error.code in ("damaged-tokenizer", "unknown-tokenizer-kind")
    assert 0 < read_well < num
