"""Rows of a table, compiled: the gradient of every time is the eager one, bit for bit."""

from collections.abc import Iterator

import pytest
import torch
from torch import Tensor
from torch.nn.functional import embedding

from glassworks.lm.model.lookup import lookup
from glassworks.lm.train.compiling import why_not

ROWS, WIDTH, TIMES = 64, 256, 8


@pytest.fixture
def two_threads() -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(2)
    yield
    torch.set_num_threads(before)
    torch._dynamo.reset()


@pytest.mark.usefixtures("two_threads")
@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # torch's, of its own parts
@pytest.mark.skipif(bool(why_not("cpu")), reason=why_not("cpu"))
def test_the_compiled_gradient_has_the_same_bits_each_time() -> None:
    """A few rows, each at hundreds of places: what several threads added at once came out differently 19 times of 20."""
    chance = torch.Generator().manual_seed(0)
    weight = torch.randn(ROWS, WIDTH, generator=chance, requires_grad=True)
    ids = torch.randint(0, ROWS, (64, 256), generator=chance)
    scale = torch.randn(64, 256, WIDTH, generator=chance)

    def loss(found: Tensor) -> Tensor:
        return (found * scale).square().sum()

    (wanted,) = torch.autograd.grad(loss(embedding(ids, weight)), weight)
    compiled = torch.compile(lambda table: loss(lookup(table, ids)), dynamic=False)
    for _ in range(TIMES):
        assert torch.equal(torch.autograd.grad(compiled(weight), weight)[0], wanted)
