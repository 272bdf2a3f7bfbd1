"""Where a run's first weights come from: drawn afresh, or taken from a model that has learned already.

In: an architecture whose vocabulary is known, and for the second a checkpoint and the run's tokenizer. Out: a model.
Unusual: the run's tokenizer may have grown since the checkpoint was trained; the model then grows with it.
"""

from dataclasses import dataclass
from pathlib import Path

from glassworks.common.errors import InvalidSpec
from glassworks.lm.checkpoint import read_checkpoint
from glassworks.lm.model.architecture import ArchitectureConfig
from glassworks.lm.model.growing import grow_vocabulary
from glassworks.lm.model.transformer import Transformer
from glassworks.lm.tokenizer import Tokenizer
from glassworks.lm.tokenizer.extending import ids_known_before


@dataclass(frozen=True)
class Start:
    """A model that was taken over: after which step of its run, how many tokens it knew, how many are new to it."""

    model: Transformer
    step: int
    num_known: int
    num_new: int

    def __str__(self) -> str:
        """For people."""
        begun = (
            f"This run begins with the weights of a model after its step {self.step:,}; the optimizer starts "
            "afresh."
        )
        grown = (
            f" The tokenizer has {self.num_new:,} new tokens; their rows are the mean of the {self.num_known:,} "
            "learned ones and a little noise."
        )
        return begun + (grown if self.num_new else "")


def start_from(
    checkpoint: Path,
    tokenizer: Tokenizer,
    tokenizer_id: str,
    architecture: ArchitectureConfig,
    seed: int,
) -> Start:
    """The checkpoint's model with a row for each token of the tokenizer; `seed` draws the noise of new rows.

    Raises InvalidSpec for a tokenizer that has not grown from the model's, and for another architecture.
    """
    found = read_checkpoint(checkpoint)
    num_known = ids_known_before(tokenizer, tokenizer_id, found.tokenizer_id)
    if num_known is None:
        raise InvalidSpec(
            "wrong-tokenizer",
            f"The model to begin from was trained with the tokenizer {found.tokenizer_id[:12]}; the one that is "
            f"connected, {tokenizer_id[:12]}, has not grown from it.",
            "Connect the model's own tokenizer, or one that extend_tokenizer made from it.",
            "tokenizer",
        )
    size = architecture.num_tokens
    check_same_architecture(
        found.architecture.model_copy(update={"vocab_size": size}), architecture
    )
    model = grow_vocabulary(found.model, num_known, size, seed)
    return Start(model, found.step, num_known, tokenizer.vocab_size - num_known)


def check_same_architecture(saved: ArchitectureConfig, wanted: ArchitectureConfig) -> None:
    """Raises InvalidSpec where saved weights would not fit."""
    if saved != wanted:
        raise InvalidSpec(
            "another-architecture",
            "The saved weights are of another architecture than this run asks for.",
            "Leave the architecture as it was, or start a new run with fresh weights.",
            "architecture",
        )
