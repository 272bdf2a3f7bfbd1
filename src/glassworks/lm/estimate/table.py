"""The shape table: every matrix of a model as one row, known before the model is built.

In: nothing; the rows are made by `lm/model/shapes.py` from an architecture. Out: `ShapeTable`, from which the rest of
this folder computes parameters, FLOPs, memory and time. Torch-free, so a form can show estimates while it is filled.
"""

from collections.abc import Iterable

from pydantic import Field

from glassworks.specs.base import Spec


class ShapeRow(Spec):
    """One weight, or one matrix product without a weight (attention's two).

    `name` is the weight's name in the checkpoint; `flops_per_token` counts the forward pass of one position, a
    multiply and an add as two; `num_kept_per_token` is how many numbers the operation keeps for the backward pass.
    """

    name: str
    part: str
    shape: tuple[int, ...]
    layer: int | None = None
    num_parameters: int = Field(ge=0)
    flops_per_token: float = Field(default=0.0, ge=0)
    num_kept_per_token: float = Field(default=0.0, ge=0)
    active_share: float = Field(default=1.0, ge=0, le=1)
    """Share of the positions that this weight works for: below 1 for an expert among several."""

    def used_by(self, share: float) -> "ShapeRow":
        """The same weight where only this share of the positions comes to it."""
        return self.model_copy(
            update={
                "flops_per_token": self.flops_per_token * share,
                "num_kept_per_token": self.num_kept_per_token * share,
                "active_share": self.active_share * share,
            }
        )


def matrix(name: str, part: str, num_out: int, num_in: int, *, num_kept: float = 0.0) -> ShapeRow:
    """A weight that every position is multiplied by: two FLOPs per weight and position."""
    return ShapeRow(
        name=name,
        part=part,
        shape=(num_out, num_in),
        num_parameters=num_out * num_in,
        flops_per_token=2.0 * num_out * num_in,
        num_kept_per_token=num_kept,
    )


def vector(name: str, part: str, width: int, *, num_kept: float = 0.0) -> ShapeRow:
    """A weight that scales or shifts: its elementwise work is not counted, as is the custom."""
    return ShapeRow(
        name=name, part=part, shape=(width,), num_parameters=width, num_kept_per_token=num_kept
    )


def linear(
    name: str, part: str, num_out: int, num_in: int, has_bias: bool, *, num_kept: float = 0.0
) -> list[ShapeRow]:
    """A matrix `name.weight`, and `name.bias` where it has one."""
    rows = [matrix(f"{name}.weight", part, num_out, num_in, num_kept=num_kept)]
    return [*rows, vector(f"{name}.bias", part, num_out)] if has_bias else rows


def product(name: str, part: str, flops: float, *, num_kept: float = 0.0) -> ShapeRow:
    """Work between activations: no weight, `flops` per position."""
    return ShapeRow(
        name=name,
        part=part,
        shape=(),
        num_parameters=0,
        flops_per_token=flops,
        num_kept_per_token=num_kept,
    )


class ShapeTable(Spec):
    """All rows of a model at one context length, and what one cached position costs per layer."""

    context: int
    vocab_size: int
    rows: tuple[ShapeRow, ...]
    num_cached_per_token: int = 0
    """Numbers that the KV cache keeps for one position, all layers together."""

    @property
    def num_parameters(self) -> int:
        return sum(row.num_parameters for row in self.rows)

    @property
    def num_active_parameters(self) -> int:
        """Weights that one position is computed with: fewer than all where it asks some of many experts."""
        return round(sum(row.num_parameters * row.active_share for row in self.rows))

    @property
    def flops_per_token(self) -> float:
        """Forward, for one position of a full context."""
        return sum(row.flops_per_token for row in self.rows)

    @property
    def num_kept_per_token(self) -> float:
        """Numbers kept for the backward pass, for one position."""
        return sum(row.num_kept_per_token for row in self.rows)

    def weights(self) -> dict[str, tuple[int, ...]]:
        """Name -> shape of everything that a checkpoint holds."""
        return {row.name: row.shape for row in self.rows if row.shape}


def place(rows: Iterable[ShapeRow], prefix: str, layer: int | None = None) -> list[ShapeRow]:
    """The rows of a part as they lie in the whole model: names get `prefix`."""
    return [row.model_copy(update={"name": f"{prefix}{row.name}", "layer": layer}) for row in rows]
