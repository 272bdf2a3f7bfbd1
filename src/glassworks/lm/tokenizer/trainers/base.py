"""What a tokenizer trainer is: settings, and one function from texts to a tokenizer.

The file name is the id. `Config` has `kind: Literal["<file name>"]` first. `train` gets the texts as a stream, once.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

import tokenizers

from glassworks.specs.base import Config


@dataclass(frozen=True)
class TrainedTokenizer:
    """`roles`: role -> spelling of the special token."""

    inner: tokenizers.Tokenizer
    roles: dict[str, str]


class TokenizerTrainer(ABC):
    """Base of all trainers."""

    Config: ClassVar[type[Config]]

    @staticmethod
    @abstractmethod
    def train(config: Any, texts: Iterator[str]) -> TrainedTokenizer:
        """Make a tokenizer from `texts`; the same texts in the same order give the same tokenizer."""
