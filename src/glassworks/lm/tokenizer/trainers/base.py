"""What a tokenizer trainer is: settings, and one function from texts to a tokenizer.

The file name is the id. `Config` has `kind: Literal["<file name>"]` first. `train` gets the texts as a stream, once, and
may say how far it is in learning: `progress(done, total)`, which may raise to stop the work.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

import tokenizers

from glassworks.specs.base import Config

Progress = Callable[[int, int], None]


def no_progress(done: int, total: int) -> None:
    """For who does not want to know."""


@dataclass(frozen=True)
class TrainedTokenizer:
    """`roles`: role -> spelling of the special token."""

    inner: tokenizers.Tokenizer
    roles: dict[str, str]


class TokenizerTrainer(ABC):
    """Base of all trainers."""

    Config: ClassVar[type[Config]]
    tells_growth: ClassVar[bool] = False
    """Whether `train` also takes `on_growth` (see `growth.py`): told now and then what was learned lately."""

    @staticmethod
    def vocab_size(config: Any) -> int:
        """How many tokens there will be, the special ones included; a text too short for them yields fewer or is refused."""
        size: int = config.vocab_size
        return size

    @staticmethod
    @abstractmethod
    def train(
        config: Any, texts: Iterator[str], progress: Progress = no_progress
    ) -> TrainedTokenizer:
        """Make a tokenizer from `texts`; the same texts in the same order give the same tokenizer."""
