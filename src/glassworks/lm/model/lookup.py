"""Rows of a table by their numbers, with a gradient of one order of additions, also where it is compiled.

In: weight (V, D), ids (...) of int64. Out: (..., D). Unusual: a compiler for the CPU lets several threads add the gradient's rows
at once (`atomic_add`), in whatever order they come, which gives other bits each time in fp32. As an operation of its own,
which no compiler looks into, it is computed as it is eagerly: each row by one thread, from the first position to the last.
"""

from typing import Any

import torch
from torch import Tensor
from torch.nn.functional import embedding

NO_PADDING = -1


def lookup(weight: Tensor, ids: Tensor) -> Tensor:
    """`weight[ids]`."""
    if torch.compiler.is_compiling():
        found: Tensor = _Lookup.apply(weight, ids)  # type: ignore[no-untyped-call]
        return found
    return embedding(ids, weight)


@torch.library.custom_op("glassworks::table_gradient", mutates_args=())
def table_gradient(gradient: Tensor, ids: Tensor, num_rows: int) -> Tensor:
    """The sum of the gradients (..., D) of each row's places: (V, D)."""
    rows: Tensor = torch.ops.aten.embedding_dense_backward(
        gradient, ids, num_rows, NO_PADDING, False
    )
    return rows


@table_gradient.register_fake
def _(gradient: Tensor, ids: Tensor, num_rows: int) -> Tensor:
    return gradient.new_empty(num_rows, gradient.shape[-1])


class _Lookup(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, weight: Tensor, ids: Tensor) -> Tensor:
        ctx.save_for_backward(ids)
        ctx.num_rows = weight.shape[0]
        return embedding(ids, weight)

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor, None]:
        (ids,) = ctx.saved_tensors
        return table_gradient(gradient, ids, ctx.num_rows), None
