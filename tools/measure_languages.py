"""How often `lm/text/languages.py` guesses rightly, on the messages of the programs installed on this machine.

In: the translated messages (`*.mo`) below /usr/share, or the folders that are named. Out: a table: for each language and size of
piece, the share that is right, the share that it is at least half sure about, and the share that is wrong and sure. Messages are
a hard case: short, full of technical words and of pieces of English. Languages that it does not know are not in the table.

    python tools/measure_languages.py
"""

import gettext
import random
import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from glassworks.lm.text.languages import LANGUAGES, guess_language

SIZES = (200, 1000)
MAX_PIECES = 300
MIN_PIECES = 20
MIN_CHARACTERS = 60
"""Shorter messages are words and names."""
FILE = re.compile(r"/([a-z]{2})(?:_[A-Z]{2})?(?:\.UTF-8)?/LC_MESSAGES/")
SAME = {"nb": "no", "nn": "no"}


def main() -> int:
    folders = [Path(name) for name in sys.argv[1:]] or [Path("/usr/share")]
    messages = by_language(folders)
    for size in SIZES:
        print(f"\npieces of {size} characters\nlanguage  pieces   right    sure  wrong and sure")
        rows = [row for code in sorted(messages) if (row := measure(code, messages[code], size))]
        for code, num, *shares in rows:
            print(f"{code:8}  {num:6}  {shares[0]:6.1%}  {shares[1]:6.1%}  {shares[2]:6.1%}")
        columns = list(zip(*(row[2:] for row in rows), strict=True)) or [(0.0,)] * 3
        means = [sum(column) / len(column) for column in columns]
        print(f"{len(rows)} languages       {means[0]:6.1%}  {means[1]:6.1%}  {means[2]:6.2%}")
    return 0


def by_language(folders: list[Path]) -> dict[str, list[str]]:
    """Messages that are whole sentences, in a fixed order without meaning."""
    found: dict[str, set[str]] = defaultdict(set)
    for file in (file for folder in folders for file in folder.rglob("*.mo")):
        match = FILE.search(file.as_posix())
        code = SAME.get(match[1], match[1]) if match else ""
        if code in LANGUAGES:
            found[code].update(sentences(file))
    shuffled = {code: sorted(texts) for code, texts in found.items()}
    for texts in shuffled.values():
        random.Random(0).shuffle(texts)
    return shuffled


def sentences(file: Path) -> Iterator[str]:
    try:
        with file.open("rb") as stream:
            catalog = gettext.GNUTranslations(stream)
    except (OSError, ValueError, LookupError):
        return
    for original, translated in vars(catalog)["_catalog"].items():
        is_sentence = isinstance(translated, str) and len(translated) > MIN_CHARACTERS
        if is_sentence and original and translated != original:
            yield translated


def measure(code: str, texts: list[str], size: int) -> tuple[str, int, float, float, float] | None:
    """Code, pieces, shares; none where there are too few pieces."""
    whole = "\n".join(texts[: MAX_PIECES * size // MIN_CHARACTERS])
    pieces = [whole[at : at + size] for at in range(0, len(whole) - size, size)][:MAX_PIECES]
    if len(pieces) < MIN_PIECES:
        return None
    guesses = [guess_language(piece) for piece in pieces]
    right = [guess.language == code for guess in guesses]
    sure = [guess.certainty >= 0.5 for guess in guesses]
    wrong = [is_sure and not is_right for is_sure, is_right in zip(sure, right, strict=True)]
    n = len(pieces)
    return code, n, sum(right) / n, sum(sure) / n, sum(wrong) / n


if __name__ == "__main__":
    raise SystemExit(main())
