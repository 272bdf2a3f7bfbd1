"""Where the first number broke: the part of a model whose output was infinite or no number, though its input was sound.

In: a trainer whose update failed, with its weights as they were before that update. Out: the part in words, or empty where that
cannot be told. The batch is computed once more, which gives the same numbers: it is a pure function of the step.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor, nn

from glassworks.lm.train.trainer import Trainer


def first_nonfinite(trainer: Trainer) -> str:
    """The first broken part: a weight, else the output of a module, else a gradient."""
    return _broken_weight(trainer) or _broken_output(trainer) or _broken_gradient(trainer)


def _broken_weight(trainer: Trainer) -> str:
    names = (name for name, weight in trainer.weights.masters.items() if not _is_sound(weight))
    return next((f"the weights {name}" for name in names), "")


def _broken_output(trainer: Trainer) -> str:
    batch = trainer.next_batch()
    model = trainer.weights.model
    with _first_broken(model) as found, torch.no_grad():
        for ids_BT in (
            torch.from_numpy(batch.inputs_BT).to(model.device).chunk(trainer.config.accumulation)
        ):
            logits_BTV = model(ids_BT)
            if not found and not _is_sound(logits_BTV):
                found.append("the scores")
    return f"the output of {found[0]}" if found else ""


def _broken_gradient(trainer: Trainer) -> str:
    """The gradient runs from the loss backwards, so the last broken one is the first that broke."""
    masters = trainer.weights.masters
    names = [n for n, w in masters.items() if w.grad is not None and not _is_sound(w.grad)]
    return f"the gradient of {names[-1]}" if names else ""


@contextmanager
def _first_broken(model: nn.Module) -> Iterator[list[str]]:
    """Names of modules in the order in which their outputs broke, innermost first."""
    found: list[str] = []

    def listen(name: str) -> Any:
        def look(module: nn.Module, inputs: Any, output: Any) -> None:
            outputs = output if isinstance(output, tuple) else (output,)
            if any(isinstance(one, Tensor) and not _is_sound(one) for one in outputs):
                found.append(name)

        return look

    hooks = [m.register_forward_hook(listen(name)) for name, m in model.named_modules() if name]
    try:
        yield found
    finally:
        for hook in hooks:
            hook.remove()


def _is_sound(tensor: Tensor) -> bool:
    return bool(torch.isfinite(tensor).all())
