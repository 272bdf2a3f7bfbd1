"""Mix: two to six token sets in, one out that is read in chosen shares.

Out: a token set that holds the parts side by side (`lm/data/mixing.py`); training reads each window from the part whose turn it
is (`lm/data/mixture.py`), as a pure function of seed and step. A part's share is its weight, else its size, to the power of
1 / temperature, divided by the sum over the parts: `temperature` 1 leaves the proportions, a higher one makes them more equal.
"""

from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, model_validator

from glassworks.common.errors import BadData, InvalidSpec
from glassworks.lm.data import TokenReader
from glassworks.lm.data.mixing import check_same_tokenizer, weighted, write_mixture
from glassworks.lm.data.mixture import shares_of
from glassworks.specs.base import Config as BaseConfig
from glassworks.specs.stage import Context, Port, Ports, Stage

PORTS = ("first", "second", "third", "fourth", "fifth", "sixth")
NAME = r"^[a-z0-9][a-z0-9_-]{0,62}$"


class PartConfig(BaseConfig):
    """How one of the connected token sets takes part."""

    name: str = Field(
        default="",
        pattern=rf"{NAME}|^$",
        description="What reports call it; empty: the name of its input.",
    )
    weight: float | None = Field(
        default=None,
        gt=0,
        le=1e9,
        description="Only proportions count; give it for all parts or for none. Empty: its size.",
    )
    max_epochs: float | None = Field(
        default=None,
        gt=0,
        le=1e6,
        description="Read it at most so often, then the others share its place; empty: no limit.",
    )


class MixTokens(Stage):
    """Read several token sets in chosen shares, as one."""

    version = 1
    libraries = ("numpy",)

    class Config(BaseConfig):
        temperature: float = Field(
            default=1.0,
            ge=1,
            le=1000,
            description="1: shares in proportion to weight or size; higher: more equal.",
        )
        first: PartConfig = Field(default=PartConfig(), description="The first set.")
        second: PartConfig = Field(default=PartConfig(), description="The second set.")
        third: PartConfig = Field(default=PartConfig(), description="The third set.")
        fourth: PartConfig = Field(default=PartConfig(), description="The fourth set.")
        fifth: PartConfig = Field(default=PartConfig(), description="The fifth set.")
        sixth: PartConfig = Field(default=PartConfig(), description="The sixth set.")

        @model_validator(mode="after")
        def _names_differ(self) -> "MixTokens.Config":
            names = [getattr(self, port).name or port for port in PORTS]
            if len(set(names)) < len(names):
                twice = next(name for name in names if names.count(name) > 1)
                raise ValueError(f"two parts are called {twice!r}")
            return self

    class Inputs(Ports):
        first: Annotated[Path, Port("tokens", "the first set")]
        second: Annotated[Path, Port("tokens", "the second set")]
        third: Annotated[Path | None, Port("tokens", "one more set")] = None
        fourth: Annotated[Path | None, Port("tokens", "one more set")] = None
        fifth: Annotated[Path | None, Port("tokens", "one more set")] = None
        sixth: Annotated[Path | None, Port("tokens", "one more set")] = None

    class Outputs(Ports):
        tokens: Annotated[Path, Port("tokens", "all of them, read in their shares")]

    def run(self, ctx: Context[Config, Inputs, Outputs]) -> None:
        connected = [port for port in PORTS if getattr(ctx.inputs, port) is not None]
        _check_settings(ctx.config, connected)
        configs = [getattr(ctx.config, port) for port in connected]
        names = [config.name or port for config, port in zip(configs, connected, strict=True)]
        readers = [TokenReader(getattr(ctx.inputs, port)) for port in connected]
        _check_parts(names, readers)
        check_same_tokenizer(names, readers)
        parts = weighted(
            names,
            readers,
            [config.weight for config in configs],
            [config.max_epochs for config in configs],
            ctx.config.temperature,
        )
        summary = write_mixture(ctx.outputs.tokens, parts, readers)
        shares = shares_of([part.weight for part in parts])
        told = {name: round(share, 4) for name, share in zip(names, shares, strict=True)}
        ctx.summarize("tokens", {**summary, "shares": told})
        ctx.progress(len(parts), len(parts), "parts", "mixing")


def _check_settings(config: Any, connected: list[str]) -> None:
    """Raises InvalidSpec for a part with settings but no tokens, and for weights of some parts only."""
    for port in PORTS:
        if port not in connected and getattr(config, port) != PartConfig():
            raise InvalidSpec(
                "missing-input",
                f"There are settings for {port!r}, but no tokens are connected to it.",
                f"Connect tokens to {port!r}, or take its settings away.",
                port,
            )
    without = [port for port in connected if getattr(config, port).weight is None]
    if without and len(without) < len(connected):
        raise InvalidSpec(
            "weights-incomplete",
            f"Some parts have a weight, but {without[0]!r} has none.",
            "Give every part a weight, or none: then their sizes are the weights.",
            f"{without[0]}.weight",
        )


def _check_parts(names: list[str], readers: list[TokenReader]) -> None:
    for name, reader in zip(names, readers, strict=True):
        if len(reader.parts) > 1:
            raise InvalidSpec(
                "nested-mixture",
                f"{name} is a mixture itself.",
                "Connect its parts to this mixture, each with its own weight.",
                name,
            )
        if not reader.num_tokens:
            raise BadData(
                "empty-tokens",
                f"{name} holds no token.",
                "Tokenize a dataset that has text, or leave the part out.",
                name,
            )
