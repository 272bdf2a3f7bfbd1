"""Whether a difference is more than noise: what is asked with, what is answered."""

from typing import Literal

from glassworks.specs.base import Spec

NoiseRule = Literal[
    "paired", "welch", "one-side", "interval", "unknown", "other-text", "other-tokens"
]


class NoiseView(Spec):
    """`difference` is B - A. `margin`: a difference of that size or more is beyond noise; None where it cannot be told.

    `words` says it in a sentence with the rule that was used.
    """

    difference: float
    margin: float | None = None
    is_beyond: bool | None = None
    rule: NoiseRule
    words: str
