"""An architecture: everything that fixes the shape of a model, as one document.

In: a JSON or YAML mapping, from a recipe or an `architecture.json`. Out: `ArchitectureConfig`, checked: what parses can
be built. The exchangeable parts are chosen by `kind`, the name of a file in their folder:

    {"width": 128, "layers": 4, "attention": {"kind": "grouped", "heads": 2}, "feed_forward": {"kind": "swiglu"}}
"""

from typing import Annotated, Any, Literal

from pydantic import Field, ValidationError

from glassworks.common.errors import InvalidSpec
from glassworks.common.registry import Registry
from glassworks.lm.model.attention import ATTENTIONS
from glassworks.lm.model.attention.base import AttentionConfig
from glassworks.lm.model.feed_forward import FEED_FORWARDS
from glassworks.lm.model.feed_forward.base import FeedForwardConfig
from glassworks.lm.model.norm import NORMS
from glassworks.lm.model.norm.base import NormConfig
from glassworks.lm.model.position import POSITIONS
from glassworks.lm.model.position.base import PositionConfig
from glassworks.specs.base import Config, invalid_spec
from glassworks.specs.choice import OneOf

DEFAULTS = {
    "attention": "grouped",
    "position": "rotary",
    "norm": "rms_norm",
    "feed_forward": "squared_relu",
}
REGISTRIES: dict[str, Registry[Any]] = {
    "attention": ATTENTIONS,
    "position": POSITIONS,
    "norm": NORMS,
    "feed_forward": FEED_FORWARDS,
}


class ArchitectureConfig(Config):
    """A decoder-only transformer: `layers` times (norm, attention, norm, feed-forward) on a stream of `width` numbers.

    `block.py` has the orders that `norm_placement` and `is_parallel` choose from.
    """

    vocab_size: int | None = Field(
        default=None, ge=2, le=2_000_000, description="Tokens it knows; empty: the tokenizer's."
    )
    context: int = Field(
        default=128, ge=2, le=1_048_576, description="Positions that it can look at together."
    )
    width: int = Field(
        default=128, ge=1, le=65_536, description="Numbers in the residual stream at a position."
    )
    layers: int = Field(default=4, ge=1, le=1024, description="Blocks on top of each other.")
    is_tied: bool = Field(
        default=False, description="Use the embedding's weights for the output too."
    )
    norm_placement: Literal["pre", "post"] = Field(
        default="pre",
        description="Normalize what a part reads (pre), or the stream after it was added (post).",
    )
    is_parallel: bool = Field(
        default=False, description="Let attention and feed-forward read the same input."
    )
    logit_cap: float | None = Field(
        default=None,
        gt=0,
        le=10_000,
        description="Softly keep the final scores below this; empty: no limit. Gemma 2 has 30.",
    )
    attention: Annotated[AttentionConfig, OneOf(ATTENTIONS)] = Field(
        default=ATTENTIONS.load(DEFAULTS["attention"]).Config(), description="How positions look."
    )
    position: Annotated[PositionConfig, OneOf(POSITIONS)] = Field(
        default=POSITIONS.load(DEFAULTS["position"]).Config(), description="How order is known."
    )
    norm: Annotated[NormConfig, OneOf(NORMS)] = Field(
        default=NORMS.load(DEFAULTS["norm"]).Config(), description="How the stream is scaled."
    )
    feed_forward: Annotated[FeedForwardConfig, OneOf(FEED_FORWARDS)] = Field(
        default=FEED_FORWARDS.load(DEFAULTS["feed_forward"]).Config(),
        description="What each position computes by itself.",
    )

    def with_vocab_size(self, vocab_size: int) -> "ArchitectureConfig":
        """The same with the tokenizer's size filled in. Raises InvalidSpec when another one was asked for."""
        if self.vocab_size is not None and self.vocab_size < vocab_size:
            raise InvalidSpec(
                "impossible-architecture",
                f"The architecture knows {self.vocab_size} tokens, the tokenizer has {vocab_size}.",
                f"Leave vocab_size empty, or set it to {vocab_size} or more.",
                "vocab_size",
            )
        return self.model_copy(update={"vocab_size": self.vocab_size or vocab_size})

    @property
    def num_tokens(self) -> int:
        """`vocab_size`, where it must be known. Raises InvalidSpec when it is still empty."""
        if self.vocab_size is None:
            raise InvalidSpec(
                "impossible-architecture",
                "The architecture does not say how many tokens it knows.",
                "Give vocab_size, or a tokenizer.",
                "vocab_size",
            )
        return self.vocab_size


def parse_architecture(document: dict[str, Any]) -> ArchitectureConfig:
    """Read and check an architecture. Raises InvalidSpec that says in words what to change."""
    for part, default in DEFAULTS.items():
        _check_kind(document, part, default)
    try:
        config = ArchitectureConfig.model_validate(document)
    except ValidationError as error:
        raise invalid_spec(error, "architecture", spec=ArchitectureConfig) from error
    config.attention.check(config.width, config.position)
    config.feed_forward.check()
    return config


def _check_kind(document: dict[str, Any], part: str, default: str) -> None:
    """An unknown `kind` gets a plain message rather than a validator's."""
    choice = document.get(part)
    kind = choice.get("kind", default) if isinstance(choice, dict) else default
    known = REGISTRIES[part].names()
    if kind not in known:
        raise InvalidSpec(
            "impossible-architecture",
            f"There is no {part.replace('_', '-')} called {kind!r}.",
            f"Choose one of: {', '.join(known)}.",
            f"{part}.kind",
        )
