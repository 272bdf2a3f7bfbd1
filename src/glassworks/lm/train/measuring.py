"""What goes on inside each layer, now and then: gradient, change of the weights, hidden units, attention.

In: a trainer's weights and the batch of the step. Out: `{metric id: one number a layer}`; each metric's file has the exact
definition. Gradients and changes are those of the step itself. Hidden units and attention scores come from one more forward
pass, over the first rows of the same batch, with the weights that the step begins with.

Unusual: looking changes nothing. The extra pass computes no gradient, leaves the random streams as they are, and runs
uncompiled, so the model that learns stays as it was compiled.

Legend: B rows, T queries, S keys, N heads, F hidden units, P positions that a unit was computed at.
"""

import math
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor, nn

from glassworks.lm.data.tokens import Batch
from glassworks.lm.model.attention.base import Scores
from glassworks.lm.model.block import Block
from glassworks.lm.model.transformer import Transformer
from glassworks.lm.train.precision import Weights

TOKENS_LOOKED_AT = 1024
"""Tokens of the batch that the extra pass reads: enough for steady shares, a small part of a step."""
POSITIONS_LOOKED_AT = 1024
"""Longest window that is looked at, since the scores of all pairs are held at once."""
SILENT = 1e-3
"""A unit is silent where it is below this share of its layer's root mean square."""

Figures = dict[str, tuple[float | None, ...]]


@dataclass
class LayerMeter:
    """Measures at step 1, every `every` steps (0: never), and at the `last` step."""

    weights: Weights
    every: int
    last: int
    values: Figures = field(default_factory=dict)
    """What the last measured step gave; complete after `look_back`."""
    step: int = -1
    """The step that `values` belong to."""
    _before: list[list[Tensor]] = field(default_factory=list)

    def is_due(self, step: int) -> bool:
        return self.every > 0 and (step in (1, self.last) or step % self.every == 0)

    def look(self, step: int, batch: Batch) -> None:
        """Between the gradient and its clipping: everything that belongs to the weights before they change."""
        masters = self._masters()
        gradients = [[m.grad for m in layer if m.grad is not None] for layer in masters]
        norms = tuple(_finite(_length(layer)) for layer in gradients)
        inside = look_inside(self.weights.model, *_rows(batch, self.weights.model.device))
        self.step, self.values = step, {"layer_gradient_norm": norms, **inside}
        self._before = [[master.clone() for master in layer] for layer in masters]

    def look_back(self) -> None:
        """After the weights have changed."""
        ratios = []
        for before, after in zip(self._before, self._masters(), strict=True):
            change = torch._foreach_sub(after, before)
            ratios.append(_finite(_ratio(_length(list(change)), _length(before))))
        self.values["update_ratio"] = tuple(ratios)
        self._before = []

    def _masters(self) -> list[list[Tensor]]:
        """The fp32 weights of each layer."""
        num_layers = len(self.weights.model.blocks)
        found: list[list[Tensor]] = [[] for _ in range(num_layers)]
        for name, master in self.weights.masters.items():
            first, _, rest = name.partition(".")
            if first == "layers":
                found[int(rest.partition(".")[0])].append(master)
        return found


def look_inside(model: Transformer, inputs_BT: Tensor, segments_BT: Tensor | None) -> Figures:
    """Figures of hidden units and attention, layer by layer, from one forward pass that leaves no trace."""
    with _unnoticed(model), _Listener(model) as heard:
        model.hidden(inputs_BT, segments_BS=segments_BT)
    names = sorted({name for layer in heard.figures for name in layer})
    return {name: tuple(_finite(layer.get(name)) for layer in heard.figures) for name in names}


class _Listener:
    """Hears what each layer's parts read during a pass, and makes figures of it as soon as the layer is done."""

    def __init__(self, model: Transformer) -> None:
        self.figures: list[dict[str, float]] = [{} for _ in model.blocks]
        self._blocks = model.blocks
        self._units: list[Tensor] = []
        self._hooks: list[Any] = []

    def __enter__(self) -> "_Listener":
        for number, block in enumerate(self._blocks):
            self._listen(number, block)
        return self

    def __exit__(self, *_: object) -> None:
        for hook in self._hooks:
            hook.remove()

    def _listen(self, number: int, block: Block) -> None:
        def hear_units(_: nn.Module, args: tuple[Any, ...]) -> None:
            self._units.append(args[0].flatten(0, -2))

        def hear_attention(_: nn.Module, args: tuple[Any, ...]) -> None:
            self.figures[number] |= _of_scores(block.attention.scores(*args[:3]))

        def end_layer(*_: object) -> None:
            self.figures[number] |= _of_units(self._units)
            self._units = []

        for part in block.feed_forward.outlets():
            self._hooks.append(part.register_forward_pre_hook(hear_units))
        self._hooks.append(block.attention.register_forward_pre_hook(hear_attention))
        self._hooks.append(block.register_forward_hook(end_layer))


@contextmanager
def _unnoticed(model: Transformer) -> Iterator[None]:
    """Inside the block nothing learns, is drawn or is compiled."""
    was_training = model.training
    devices = [model.device] if model.device.type == "cuda" else []
    eager = torch.compiler.set_stance("force_eager") if _is_compiled(model) else nullcontext()
    model.eval()
    try:
        with torch.no_grad(), torch.random.fork_rng(devices), eager:
            yield
    finally:
        model.train(was_training)


def _is_compiled(model: nn.Module) -> bool:
    return any(part._compiled_call_impl is not None for part in model.modules())


def _of_units(groups: list[Tensor]) -> dict[str, float]:
    """Mean, spread and dead share of a layer's hidden units: groups of units, each (P, F). P may be 0 for an expert."""
    groups = [units_PF.float() for units_PF in groups]
    values = [units_PF.flatten() for units_PF in groups]
    if not sum(v.numel() for v in values):
        return {}
    together = torch.cat(values)
    mean, size = together.mean(), together.square().mean().sqrt()
    num_units = sum(units_PF.shape[1] for units_PF in groups)
    num_dead = sum(_num_silent(units_PF, SILENT * size) for units_PF in groups)
    return {
        "activation_mean": float(mean),
        "activation_std": float(together.std(correction=0)),
        "dead_share": num_dead / num_units,
    }


def _num_silent(units_PF: Tensor, threshold: Tensor) -> int:
    """Units that are silent at every position; all of them where there is none."""
    if not len(units_PF):
        return units_PF.shape[1]
    return int((units_PF.abs().amax(0) <= threshold).sum())


def _of_scores(scores: Scores | None) -> dict[str, float]:
    """Entropy of attention and size of its scores, over heads and the pairs that are visible."""
    if scores is None:
        return {}
    scores_BNTS, bias_BNTS = scores
    if bias_BNTS is None:
        bias_BNTS = scores_BNTS.new_zeros(())
    is_visible = (bias_BNTS > -math.inf).expand_as(scores_BNTS)
    shares_BNTS = torch.softmax(scores_BNTS + bias_BNTS, -1)
    entropy_BNT = torch.special.entr(shares_BNTS).sum(-1)
    most_BNT = is_visible.sum(-1).float().log()
    has_choice = most_BNT > 0
    visible = scores_BNTS[is_visible]
    figures = {
        "logit_max": float(visible.abs().max()),
        "logit_std": float(visible.std(correction=0)),
    }
    if bool(has_choice.any()):
        figures["attention_entropy"] = float((entropy_BNT / most_BNT)[has_choice].mean())
    return figures


def _rows(batch: Batch, device: torch.device) -> tuple[Tensor, Tensor | None]:
    """The first rows of a batch, cut to what is looked at: inputs and segments, each (B, T)."""
    length = min(batch.inputs_BT.shape[1], POSITIONS_LOOKED_AT)
    num_rows = max(1, TOKENS_LOOKED_AT // length)
    inputs_BT = torch.from_numpy(batch.inputs_BT[:num_rows, :length]).to(device)
    if batch.segments_BT is None:
        return inputs_BT, None
    return inputs_BT, torch.from_numpy(batch.segments_BT[:num_rows, :length]).to(device)


def _length(tensors: list[Tensor]) -> float:
    """Of all numbers of these tensors together."""
    return float(torch.stack(torch._foreach_norm(tensors)).norm()) if tensors else 0.0


def _ratio(part: float, whole: float) -> float:
    return part / whole if whole else math.nan


def _finite(value: float | None) -> float | None:
    return None if value is None or not math.isfinite(value) else value
