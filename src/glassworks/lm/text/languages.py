"""Which language a text is in: a guess from its letters and its little words, with how sure it is.

In: a text. Out: a `Guess`, a code of ISO 639-1 and a certainty from 0 to 1. The script comes first; within one that several
languages use, each word votes: a function word (`the`, `und`, `que`) for the languages that have it, a word with a letter that
few have (`ß`, `ř`) for those. The certainty is how far the first leads over the second, measured by what chance
would give (1 - exp(-(a - b)^2 / 2 (a + b)) for a and b votes), less where hardly any word voted.

What it knows: 24 languages of the Latin, Cyrillic and Arabic scripts by their words, and those that have a script for
themselves by it (el, he, hi, th, ko, ja, zh). A language that it does not know is taken for a neighbour (Catalan for Spanish, Slovak
for Czech, Urdu for Persian), mostly with little certainty. How well it does: `python tools/measure_languages.py`.
"""

import re
from collections import Counter
from dataclasses import dataclass
from math import exp

from glassworks.lm.text._function_words import LETTERS, SCRIPTS, WORDS

WORD = re.compile(r"(?<![\w%\\@./])[^\W\d_]++(?:['’][^\W\d_]++)?+(?![\w@/])")
"""Not the `s` of a `%s`, nor the `n` of a `\\n`, nor the `v` of `v2`, nor the parts of an address or a path: `com` is a Portuguese word."""
LETTER = re.compile(r"[^\W\d_]")
WINDOW = 4000
"""Characters that are looked at in one place: of a longer text its beginning, middle and end."""
PLENTY = 0.15
"""Share of votes in the words from which on the lead alone decides how sure the guess is."""
IDEOGRAPHS = ("han", "kana", "hangul")
IDEOGRAPH_LETTERS = 3
"""So many letters of an alphabet one of these is worth."""
KANA_SHARE = 0.08
"""So much of a Japanese text is kana at least; the rest is shared with Chinese."""

LANGUAGES = tuple(sorted({code for _, codes in SCRIPTS.values() for code in codes}))
_RANGES = {name: re.compile(f"[{letters}]") for name, (letters, _) in SCRIPTS.items()}
_HAVING: dict[str, list[str]] = {}
for _code, _listed in WORDS.items():
    for _word in set(_listed.split()):
        _HAVING.setdefault(_word, []).append(_code)
_MARKED: dict[str, list[str]] = {}
for _code, _letters in LETTERS.items():
    for _letter in _letters:
        _MARKED.setdefault(_letter, []).append(_code)
_MARK = re.compile(f"[{''.join(_MARKED)}]")


@dataclass(frozen=True)
class Guess:
    """A language, or none (empty), and how sure that is, 0 to 1."""

    language: str
    certainty: float


def guess_language(text: str) -> Guess:
    """The likeliest language of a text; none for one without letters of a known script."""
    seen = _sample(text)
    counts = _letters_by_script(seen)
    total = sum(counts.values())
    script = max(counts, key=lambda name: counts[name])
    if not total or script not in SCRIPTS:
        return Guess("", 0.0)
    share, codes = counts[script] / total, SCRIPTS[script][1]
    if len(codes) == 1:
        return Guess(codes[0], round(share, 2))
    found = _vote(WORD.findall(seen.lower()), codes)
    return Guess(found.language, round(found.certainty * share, 2))


def _letters_by_script(text: str) -> dict[str, int]:
    """Letters of each known script, and of `other` ones."""
    counts = {name: len(pattern.findall(text)) for name, pattern in _RANGES.items()}
    counts["other"] = max(0, len(LETTER.findall(text)) - sum(counts.values()))
    if counts["kana"] >= KANA_SHARE * (counts["kana"] + counts["han"]) > 0:
        counts["kana"] += counts.pop("han")
    return {
        name: n * (IDEOGRAPH_LETTERS if name in IDEOGRAPHS else 1) for name, n in counts.items()
    }


def _sample(text: str) -> str:
    if len(text) <= 3 * WINDOW:
        return text
    middle = len(text) // 2
    return " ".join((text[:WINDOW], text[middle : middle + WINDOW], text[-WINDOW:]))


def _vote(words: list[str], codes: tuple[str, ...]) -> Guess:
    """Each kind of word votes as often as it stands there; a vote is shared by all that it speaks for."""
    votes = dict.fromkeys(codes, 0.0)
    for word, number in Counter(words).items():
        speaks_for = [code for code in _HAVING.get(word, ()) if code in votes]
        for code in speaks_for:
            votes[code] += number / len(speaks_for)
        if _MARK.search(word):
            marked = {c for letter in set(word) for c in _MARKED.get(letter, ()) if c in votes}
            for code in marked:
                votes[code] += number / (2 * len(marked))
    second, first = sorted(votes, key=lambda code: votes[code])[-2:]
    if not votes[first]:
        return Guess("", 0.0)
    lead = (votes[first] - votes[second]) ** 2 / (votes[first] + votes[second])
    return Guess(first, (1 - exp(-lead / 2)) * min(1.0, votes[first] / len(words) / PLENTY))
