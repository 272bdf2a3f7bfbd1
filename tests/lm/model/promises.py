"""What every architecture promises, each as one check: right gradients, no look at the future, a cache that changes nothing,
documents that stay apart, a longer vocabulary, a sound start, a shape table that is the built model.

The contract tests run them over pairs of choices, the soak over all combinations.
"""

from unittest.mock import patch

import torch
from torch import Tensor
from torch.autograd import gradcheck
from torch.func import functional_call
from torch.nn.functional import cross_entropy
from torch.utils.flop_counter import FlopCounterMode

from glassworks.lm.model import one_position
from glassworks.lm.model.architecture import ArchitectureConfig
from glassworks.lm.model.forward import Wish
from glassworks.lm.model.growing import grow_vocabulary
from glassworks.lm.model.loops import Loops, loops
from glassworks.lm.model.one_position import OnePosition
from glassworks.lm.model.shapes import shape_table
from glassworks.lm.model.transformer import Transformer, build_model
from tests.lm.model.tiny import VOCAB_SIZE, shaken_model, some_ids


def check_gradients(architecture: ArchitectureConfig) -> None:
    """Those of finite differences, for the loss of the text and of the parts together."""
    small = architecture.model_copy(update={"layers": 1})
    model = shaken_model(small).double()
    names, weights = zip(*model.named_parameters(), strict=True)
    ids_BT, next_BT = some_ids(1, 7), some_ids(1, 7, seed=3)
    wishing = _Wishing(model)

    def loss(*values: Tensor) -> Tensor:
        replaced = {f"model.{name}": value for name, value in zip(names, values, strict=True)}
        logits_BTV, wish = functional_call(wishing, replaced, (ids_BT,))
        total: Tensor = cross_entropy(logits_BTV.flatten(0, 1), next_BT.flatten()) + wish
        return total

    leaves = tuple(weight.detach().requires_grad_() for weight in weights)
    torch.manual_seed(6)  # the fast check looks along random directions
    assert gradcheck(loss, leaves, fast_mode=True)


class _Wishing(torch.nn.Module):
    """A model and what its parts wish for."""

    def __init__(self, model: Transformer) -> None:
        super().__init__()
        self.model = model

    def forward(self, ids_BT: Tensor) -> tuple[Tensor, Tensor]:
        wishes: list[Wish] = []
        logits_BTV = self.model.logits(self.model.hidden(ids_BT, wishes=wishes))
        wanted = [wish.weight * wish.loss_B.sum() for wish in wishes]
        return logits_BTV, torch.stack([*wanted, torch.zeros_like(logits_BTV[0, 0, 0])]).sum()


@torch.no_grad()
def check_causality(architecture: ArchitectureConfig) -> None:
    model, ids_BT = shaken_model(architecture), some_ids(2, 12)
    changed_BT = ids_BT.clone()
    changed_BT[:, 7] = (ids_BT[:, 7] + 1) % VOCAB_SIZE

    before, after = model(ids_BT), model(changed_BT)

    assert before.shape == (2, 12, VOCAB_SIZE)
    assert before.isfinite().all()
    torch.testing.assert_close(before[:, :7], after[:, :7], rtol=1e-5, atol=1e-5)
    assert not torch.allclose(before[:, 7], after[:, 7])
    assert not torch.allclose(before[:, 8], after[:, 8]), "the next position must see it"


@torch.no_grad()
def check_cache(architecture: ArchitectureConfig) -> None:
    """In pieces as at once, one document or several in a row."""
    model, ids_BT = shaken_model(architecture), some_ids(2, 12)
    for segments_BS in (None, torch.tensor([[0] * 5 + [1] * 7, [0] * 8 + [1] * 4])):
        cache, pieces, end = model.new_cache(num_rows=2), [], 0
        for piece in torch.split(ids_BT, [4, 1, 1, 5, 1], dim=1):
            end += piece.shape[1]
            so_far = None if segments_BS is None else segments_BS[:, :end]
            pieces.append(model(piece, cache, so_far))
        whole = model(ids_BT, segments_BS=segments_BS)
        torch.testing.assert_close(torch.cat(pieces, 1), whole, rtol=1e-4, atol=1e-5)


@torch.no_grad()
def check_layout(architecture: ArchitectureConfig) -> None:
    """Laid out for writing it holds the same weights under the same names, and says the same, but for rounding: in float64."""
    model, ids_BT = shaken_model(architecture).double(), some_ids(2, 12)
    weights = {name: weight.clone() for name, weight in model.state_dict().items()}
    before = model(ids_BT)
    after = model.lay_out_for_writing()(ids_BT)
    torch.testing.assert_close(after, before, rtol=1e-9, atol=1e-9)
    for name, weight in model.state_dict().items():
        assert torch.equal(weight, weights.pop(name)), name
    assert not weights


@torch.no_grad()
def check_one_position(architecture: ArchitectureConfig) -> None:
    """Position by position it says what the model says: by compiled loops, and laid out for writing by numpy."""
    model = shaken_model(architecture)
    _check_one_position(model, loops())
    _check_one_position(model.lay_out_for_writing(), Loops())


def _check_one_position(model: Transformer, kind: Loops) -> None:
    """With the model itself before and after."""
    ids_BT, cache = some_ids(2, 12), model.new_cache(num_rows=2)
    whole_BTV = model(ids_BT)
    with patch.object(one_position, "loops", lambda: kind):
        one = OnePosition(model, cache)
        model(ids_BT[:, :5], cache)
        for at in range(5, 11):
            scores_BV = torch.from_numpy(one.scores(ids_BT[:, at].tolist()))
            torch.testing.assert_close(scores_BV, whole_BTV[:, at], rtol=1e-3, atol=1e-4)
    last_BTV = model(ids_BT[:, 11:], cache)
    torch.testing.assert_close(last_BTV[:, 0], whole_BTV[:, 11], rtol=1e-3, atol=1e-4)


@torch.no_grad()
def check_documents(architecture: ArchitectureConfig) -> None:
    """What stands before a document's first token changes nothing in it."""
    model, ids_BT = shaken_model(architecture), some_ids(1, 12)
    changed_BT = ids_BT.clone()
    changed_BT[:, :5] = (ids_BT[:, :5] + 1) % VOCAB_SIZE
    segments_BS = torch.tensor([[0] * 5 + [1] * 7])

    before = model(ids_BT, segments_BS=segments_BS)[:, 5:]
    after = model(changed_BT, segments_BS=segments_BS)[:, 5:]

    torch.testing.assert_close(before, after, rtol=1e-5, atol=1e-5)
    assert not torch.allclose(model(ids_BT)[:, 5], model(changed_BT)[:, 5])


@torch.no_grad()
def check_growth(architecture: ArchitectureConfig) -> None:
    """Three more tokens, and the old ones score as they did."""
    model, ids_BT = shaken_model(architecture), some_ids(2, 12)
    longer = grow_vocabulary(model, VOCAB_SIZE, VOCAB_SIZE + 3, seed=1)
    assert longer.vocab_size == VOCAB_SIZE + 3
    torch.testing.assert_close(longer(ids_BT)[..., :VOCAB_SIZE], model(ids_BT))


@torch.no_grad()
def check_fresh_start(architecture: ArchitectureConfig) -> None:
    """Equal seeds, equal bits; nothing left unset; an untied head starts with every token alike."""
    first, second = build_model(architecture, seed=1), build_model(architecture, seed=1)
    weights = second.state_dict()
    for name, weight in first.named_parameters():
        assert torch.equal(weight, weights[name]), name
        assert weight.isfinite().all(), name
        assert weight.abs().max() < 10, f"{name} looks unset"
    logits_BTV = first(some_ids(2, 12))
    assert logits_BTV.isfinite().all()
    if not architecture.is_tied:
        assert torch.equal(logits_BTV, torch.zeros_like(logits_BTV))


def check_shape_table(architecture: ArchitectureConfig) -> None:
    """Names, shapes, parameters, work and cache, without building and as built."""
    model, table = Transformer(architecture), shape_table(architecture)
    context = architecture.context
    assert table.weights() == {name: tuple(p.shape) for name, p in model.named_parameters()}
    assert table.num_parameters == model.num_parameters
    model.initialize(torch.Generator().manual_seed(1))
    measured = measured_flops(model, context)
    assert abs(measured - table.flops_per_token * context) < 1e-6 * measured
    cached = model.new_cache(num_rows=1, capacity=1).num_bytes // 4
    assert table.num_cached_per_token == cached


def measured_flops(model: Transformer, num_positions: int) -> int:
    """Multiplications and additions of one forward pass, counted while it runs."""
    with FlopCounterMode(display=False) as counter, torch.no_grad():
        model(torch.zeros(1, num_positions, dtype=torch.long))
    return int(counter.get_total_flops())


CHECKS = (
    check_gradients,
    check_causality,
    check_cache,
    check_layout,
    check_one_position,
    check_documents,
    check_growth,
    check_fresh_start,
    check_shape_table,
)
