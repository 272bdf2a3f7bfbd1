"""The two ways in which a foreign file is refused: it is damaged, or it is of a kind that is not known here."""

from glassworks.common.errors import BadData


def broken(message: str) -> BadData:
    """The error of a foreign file that is not what it seems."""
    return BadData("damaged-tokenizer", message, "Take the file from where it came once more.")


def unknown_kind(message: str) -> BadData:
    """The error of a sound file whose tokenizer cannot be had with the same ids."""
    return BadData(
        "unknown-tokenizer-kind",
        message,
        "Take the tokenizer.json of the same model, where there is one.",
    )
