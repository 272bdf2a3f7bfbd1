"""What a word is, what kind a character is, and of which script: in many languages."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from glassworks.lm.data.statistics.characters import (
    ALONE_SCRIPTS,
    Characters,
    fold,
    kind_of,
    script_of,
)
from glassworks.lm.data.statistics.words import Piece, find_words, runs


def piece_of(text: str) -> Piece:
    characters = Characters()
    codes = np.frombuffer(text.encode("utf-32-le"), dtype="<u4")
    characters.look_up(codes)
    words = find_words(codes, characters)
    return Piece(text, words, np.zeros(len(words), dtype=np.int64))


def words_of(text: str) -> list[str]:
    piece = piece_of(text)
    return [piece.spell(at) for at in range(len(piece.words))]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", []),
        (" \n\t -- ... ", []),
        ("To be, or not", ["to", "be", "or", "not"]),
        ("don't 'quote' rock’n’roll ' x'", ["don't", "quote", "rock'n'roll", "x"]),
        ("3.14 and 2nd_try", ["3", "14", "and", "2nd", "try"]),
        ("Größe ΣΟΦΙΑ Öl", ["größe", "σοφια", "öl"]),
        ("cafe\u0301 nai\u0308ve", ["cafe\u0301", "nai\u0308ve"]),
        ("हिन्दी भाषा", ["हिन्दी", "भाषा"]),
        ("日本語のテスト", list("日本語のテスト")),
        ("GPT模型v2", ["gpt", "模", "型", "v2"]),
        ("한국어 문장", ["한국어", "문장"]),
        ("hi👋🏽there ❤️", ["hi", "there"]),
        ("\u202bשלום\u202c עולם", ["שלום", "עולם"]),
        ("\x00a\x00", ["a"]),
        ("𝒜lpha 𐐀𐐁", ["𝒜lpha", "𐐨𐐩"]),
        ("İstanbul", ["İstanbul"]),
    ],
)
def test_words(text: str, words: list[str]) -> None:
    assert words_of(text) == words


def plainly(text: str) -> list[str]:
    """The words, character by character."""
    classes = [class_of(character) for character in text]
    for at in range(1, len(text) - 1):
        if text[at] in "'’" and classes[at - 1] == classes[at + 1] == "joined":
            classes[at] = "joined"
    words: list[str] = []
    before = ""
    for character, its in zip(text, classes, strict=True):
        if its == "joined" == before:
            words[-1] += fold(character)
        elif its:
            words.append(fold(character))
        before = its
    return words


def class_of(character: str) -> str:
    if kind_of(character) == "letters" and script_of(character) in ALONE_SCRIPTS:
        return "alone"
    return "joined" if kind_of(character) in ("letters", "digits") else ""


@given(
    st.text(st.characters(exclude_categories=["Cs"])) | st.text("aB'’語カ\u0301 9.\n", max_size=40)
)
def test_words_of_any_text(text: str) -> None:
    piece = piece_of(text)
    words = [piece.spell(at) for at in range(len(piece.words))]
    assert words == plainly(text)
    assert len(set(piece.words.keys.tolist())) == len(set(words))


def test_the_same_word_has_the_same_number_and_others_do_not() -> None:
    letters = "abcdefghij"
    some = ["".join(letters[(n // 10**k) % 10] for k in range(5)) for n in range(20_000)]
    keys = piece_of(" ".join(some + [word.upper() for word in some])).words.keys
    assert (keys[:20_000] == keys[20_000:]).all()
    assert len(np.unique(keys)) == 20_000


def test_runs_know_the_order_of_their_words() -> None:
    keys = piece_of("a b a b c").words.keys
    pairs = runs(keys, 2)
    assert pairs[0] == pairs[2]
    assert len(set(pairs.tolist())) == 3
    assert len(runs(keys, 5)) == 1
    assert len(runs(keys, 6)) == 0


@pytest.mark.parametrize(
    ("character", "kind"),
    [("a", "letters"), ("ß", "letters"), ("語", "letters"), ("\u0301", "letters"), ("7", "digits"), ("½", "digits"),
     ("٣", "digits"), (" ", "spaces"), ("\n", "spaces"), ("\u00a0", "spaces"), (",", "punctuation"), ("„", "punctuation"),
     ("+", "other"), ("€", "other"), ("👋", "other"), ("\ufe0f", "other"), ("\x00", "other"), ("\u200d", "other")],
)  # fmt: skip
def test_kinds_of_characters(character: str, kind: str) -> None:
    assert kind_of(character) == kind


@pytest.mark.parametrize(
    ("character", "script"),
    [("a", "Latin"), ("ß", "Latin"), ("ａ", "Latin"), ("ª", "Latin"), ("я", "Cyrillic"), ("Ω", "Greek"), ("語", "Han"),
     ("々", "Han"), ("の", "Hiragana"), ("テ", "Katakana"), ("ﾃ", "Katakana"), ("ー", "Katakana"), ("한", "Hangul"),
     ("ع", "Arabic"), ("ש", "Hebrew"), ("ह", "Devanagari"), ("ไ", "Thai"), ("ა", "Georgian"), ("አ", "Ethiopic"),
     ("𐌰", "Gothic"), ("𐎠", "Old Persian"), ("ᐁ", "Canadian Syllabics"), ("𝒜", "Common"), ("\u0301", "Common")],
)  # fmt: skip
def test_scripts(character: str, script: str) -> None:
    assert script_of(character) == script
