"""What a tokenizer loses: what comes back from `decode(encode(text))` other than it went in.

In: a tokenizer. Out: one `Loss` for each thing that does not come back, with an example that was really encoded and
decoded. Empty for byte-level tokenizers, which lose nothing.
"""

from dataclasses import dataclass

from glassworks.common.errors import BadData
from glassworks.lm.tokenizer.tokenizer import Tokenizer

RARE = ("\u2603", "\u16a0", "\ua000", "\U0001f9f5")


@dataclass(frozen=True)
class Loss:
    """what: in words. before, after: the example; after is None where the text is refused."""

    what: str
    before: str
    after: str | None


def losses(tokenizer: Tokenizer) -> tuple[Loss, ...]:
    """Everything that this tokenizer does not give back."""
    if tokenizer.is_lossless:
        return ()
    first, second = _known_letters(tokenizer)
    probes = {
        "characters that it does not know": _unknown_character(tokenizer),
        "how many spaces there were": f"{first}  {second}",
        "line ends": f"{first}\n{second}",
        "a space at the start": f" {first}",
        "whether there was a space beside a sign": f"{first}, {second},{first}",
        "capitals": first.upper() + second.upper(),
        "accents": "\u00e9",
        "whether an accent is a character of its own": "e\u0301",
        "words of more than a hundred letters": first * 101,
    }
    found = (Loss(what, probe, _round_trip(tokenizer, probe)) for what, probe in probes.items())
    return tuple(loss for loss in found if loss.after != loss.before)


def _round_trip(tokenizer: Tokenizer, text: str) -> str | None:
    try:
        return tokenizer.decode(tokenizer.encode(text))
    except BadData:
        return None


def _known_letters(tokenizer: Tokenizer) -> tuple[str, str]:
    """Two letters that come back by themselves, so that an example shows one loss and not another."""
    letters = [
        letter
        for letter in "abcdefghijklmnopqrstuvwxyz0123456789"
        if _round_trip(tokenizer, letter) == letter
    ]
    return (letters[0], letters[-1]) if letters else ("a", "b")


def _unknown_character(tokenizer: Tokenizer) -> str:
    """A character that does not come back, if one of the rare ones does not."""
    lost = [c for c in RARE if _round_trip(tokenizer, c) != c]
    return lost[0] if lost else RARE[0]
