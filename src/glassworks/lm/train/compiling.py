"""Compiling: the loss and its gradient as one program of this machine's, in place of one operation after the other.

In: a trainer. Out: the same trainer, whose loss is compiled where a compiler is at hand; and a finding that says which it
is. Where there is none, or where it fails, the training computes eagerly, as it would without the wish.

Exactness: the program is chosen by shapes, threads and compiler alone. No shape is left open (`dynamic=False`), and both
programs that a run may need, for windows with one document and with several, are made before the first step; the gradient of the
embedding stays an operation of its own (`model/lookup.py`), for a compiler adds its rows in no order. So nothing
depends on what was computed before, and a run that was cut goes on with the same bits; not with those of eager computation.
A state says whether it was compiled; going on in the other way is told.
"""

import shutil
import sys
import sysconfig
import warnings
from collections.abc import Iterator
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import torch

from glassworks.common.clock import monotonic_s
from glassworks.lm.data.tokens import Batch
from glassworks.lm.train.trainer import Trainer
from glassworks.specs.base import Auto
from glassworks.specs.events import FindingRaised

CPP_COMPILERS = ("g++", "clang++")
C_COMPILERS = ("gcc", "clang", "cc")
LONG_STEPS = 5000
"""Compiling takes half a minute to two; a third off so many steps is more, also in a tiny model."""


def why_not(device: str) -> str:
    """Why nothing can be compiled for `device` here, in words; empty: it can."""
    if device == "cpu":
        if not any(map(shutil.which, CPP_COMPILERS)):
            return "this machine has no C++ compiler (g++ or clang++)"
        if not Path(sysconfig.get_path("include"), "Python.h").exists():
            return "Python's header files (Python.h) are not installed"
        return ""
    if device == "cuda":
        if find_spec("triton") is None:
            return "the package triton is not installed"
        return "" if any(map(shutil.which, C_COMPILERS)) else "this machine has no C compiler (gcc)"
    return f"nothing is compiled for {device}"


def pick_compile(choice: bool | Auto, device: str, dtype: str, steps: int) -> bool:
    """`auto` compiles where it pays: on a GPU, and on a CPU that multiplies bf16 fast in a run of `LONG_STEPS` or more.

    There everything but the products is bound by memory, and a program reads it fewer times; in fp32 the products are the time.
    """
    if choice == "auto":
        pays = device == "cuda" or (device == "cpu" and dtype == "bf16" and steps >= LONG_STEPS)
        return pays and not why_not(device)
    return choice


def compile_loss(trainer: Trainer) -> FindingRaised:
    """Compile the trainer's loss, or leave it as it is; the finding says which, and why."""
    device = trainer.weights.model.device.type
    if reason := why_not(device):
        return _eager(reason)
    if trainer.weights.model.has_open_shapes:
        return _eager(
            "experts get another number of positions in each batch, and each number would be a program of its own"
        )
    eager, started_s = trainer.loss_sum, monotonic_s()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # torch's, of its own parts
            trainer.loss_sum = torch.compile(eager, dynamic=False)
            for batch in _kinds_of(trainer.next_batch(), trainer):
                trainer.try_out(batch)
    except (RuntimeError, OSError) as error:  # what torch raises when its compiler fails
        trainer.loss_sum = eager
        return _eager(f"compiling failed: {(str(error).strip().splitlines() or [''])[0][:200]}")
    trainer.is_compiled = True
    took_s = monotonic_s() - started_s
    return FindingRaised(
        level="note",
        code="compiled",
        message=f"The computation was compiled in {took_s:.0f} s; the steps are those of a program of its own.",
        step=trainer.step,
        evidence={"duration_s": round(took_s, 1), "platform": sys.platform},
    )


def _kinds_of(batch: Batch, trainer: Trainer) -> Iterator[Batch]:
    """The batch as it may come: windows with one document each, and windows with several."""
    yield replace(batch, segments_BT=None)
    if not trainer.config.attention_across_documents:
        yield replace(batch, segments_BT=np.zeros_like(batch.targets_BT))


def _eager(reason: str) -> FindingRaised:
    return FindingRaised(
        level="warn",
        code="not-compiled",
        message=f"Compiling was asked for, and the training computes eagerly: {reason}.",
        step=0,
        evidence={"reason": reason},
    )
