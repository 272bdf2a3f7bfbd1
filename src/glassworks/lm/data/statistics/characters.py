"""Characters: how many of each there are, what kind they are, of which script, and which make up words.

In: code points as numpy arrays. Out: shares of kinds and of scripts. Unusual: what Unicode says of a character is looked up once,
when it is first seen, and kept in tables of a place for each of the 1,114,112 code points, so that whole texts are
translated at once. A script is read from the character's name (`CYRILLIC SMALL LETTER A`), for Python tells no scripts.
"""

import unicodedata
from collections import Counter

import numpy as np
from numpy.typing import NDArray

from glassworks.specs.description import CharacterShares, ScriptShare

NUM_CODES = 0x110000
BETWEEN, JOINED, ALONE, UNSEEN = 0, 1, 2, 255
"""Of a word: no part, a letter that joins its neighbors, a word by itself (Han, kana), not looked up yet."""
APOSTROPHE, CURLY_APOSTROPHE = 0x27, 0x2019
COMMON = "Common"
ALONE_SCRIPTS = frozenset({"Han", "Hiragana", "Katakana"})
SPECIAL_NAMES = {
    "CJK": "Han",
    "IDEOGRAPHIC": "Han",
    "HENTAIGANA": "Hiragana",
    "FEMININE": "Latin",
    "MASCULINE": "Latin",
    "KELVIN": "Latin",
    "ANGSTROM": "Latin",
    "TURNED": "Latin",
    "OHM": "Greek",
}
COMMON_NAMES = frozenset(
    {"COMBINING", "MODIFIER", "MATHEMATICAL", "MICRO", "SCRIPT", "DOUBLE", "BLACK", "EULER", "PLANCK", "INFORMATION"}
    | {"ALEF", "BET", "GIMEL", "DALET", "VARIATION", "MUSICAL", "SUPERSCRIPT", "SUBSCRIPT", "VEDIC", "CARON", "VERTICAL"}
)  # fmt: skip
WIDTHS = frozenset({"FULLWIDTH", "HALFWIDTH"})
TWO_WORDS = frozenset(
    {"OLD", "NEW", "TAI", "LINEAR", "OL", "MEETEI", "SYLOTI", "KAYAH", "SORA", "MASARAM", "GUNJALA", "PAU", "CANADIAN"}
    | {"EGYPTIAN", "ANATOLIAN", "IMPERIAL", "INSCRIPTIONAL", "CAUCASIAN", "WARANG", "MENDE", "PAHAWH", "PSALTER"}
)  # fmt: skip
SPACE_CONTROLS = frozenset("\t\n\v\f\r\x85")

Codes = NDArray[np.uint32]


class Characters:
    """Counts characters, and holds the tables by which texts are cut into words."""

    def __init__(self) -> None:
        self._counts = np.zeros(NUM_CODES, dtype=np.int64)
        self.word_class = np.full(NUM_CODES, UNSEEN, dtype=np.uint8)
        self.folded = np.arange(NUM_CODES, dtype=np.uint32)
        """Code point -> that of `fold`."""

    def look_up(self, codes: Codes) -> None:
        """Fill the tables for these characters, and count them."""
        counts = np.bincount(codes)
        self._counts[: len(counts)] += counts
        seen = np.flatnonzero(counts)
        for code in seen[self.word_class[seen] == UNSEEN]:
            self._learn(int(code))

    def uncount(self, code: int, num: int) -> None:
        """Take back what was counted but stands in no document."""
        self._counts[code] -= num

    @property
    def num_characters(self) -> int:
        return int(self._counts.sum())

    def shares(self) -> CharacterShares:
        total = max(1, self.num_characters)
        kinds: Counter[str] = Counter()
        for character, count in self._seen():
            kinds[kind_of(character)] += count
        return CharacterShares(**{kind: round(count / total, 6) for kind, count in kinds.items()})

    def scripts(self) -> tuple[ScriptShare, ...]:
        """The most frequent first."""
        counts: Counter[str] = Counter()
        for character, count in self._seen():
            if kind_of(character) == "letters":
                counts[script_of(character)] += count
        total = counts.total()
        ordered = sorted(counts.items(), key=lambda one: (-one[1], one[0]))
        return tuple(
            ScriptShare(name=name, share=round(count / total, 6), num_characters=count)
            for name, count in ordered
        )

    def _seen(self) -> list[tuple[str, int]]:
        return [(chr(code), int(self._counts[code])) for code in np.flatnonzero(self._counts)]

    def _learn(self, code: int) -> None:
        character = chr(code)
        kind = kind_of(character)
        is_alone = kind == "letters" and script_of(character) in ALONE_SCRIPTS
        is_word = kind in ("letters", "digits")
        self.word_class[code] = ALONE if is_alone else JOINED if is_word else BETWEEN
        self.folded[code] = ord(fold(character))


def fold(character: str) -> str:
    """Its lower case where that is one character; all apostrophes are one."""
    lower = character.lower()
    if ord(character) == CURLY_APOSTROPHE:
        return chr(APOSTROPHE)
    return lower if len(lower) == 1 else character


def kind_of(character: str) -> str:
    """letters, digits, spaces, punctuation or other. Signs that only choose how others look (emoji) are other."""
    category = unicodedata.category(character)
    if category[0] == "L" or (category in ("Mn", "Mc") and not _is_selector(character)):
        return "letters"
    if category[0] == "Z" or character in SPACE_CONTROLS:
        return "spaces"
    return {"N": "digits", "P": "punctuation"}.get(category[0], "other")


def script_of(character: str) -> str:
    """The script of a letter, by its name in Unicode; `Common` for what is in use with many."""
    words = unicodedata.name(character, "").replace("-", " ").split()
    if words and words[0] in WIDTHS:
        words = words[1:]
    if not words or words[0] in COMMON_NAMES:
        return COMMON
    if words[0] in SPECIAL_NAMES:
        return SPECIAL_NAMES[words[0]]
    return " ".join(words[: 2 if words[0] in TWO_WORDS else 1]).title()


def _is_selector(character: str) -> bool:
    return 0xFE00 <= ord(character) <= 0xFE0F or 0xE0100 <= ord(character) <= 0xE01EF
