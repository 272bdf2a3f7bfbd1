"""The loops in which writing spends its time, for one position of each of a few rows: product, attention over a cache, norm.

`loops.c` has them in C. It is compiled once for the processor at hand, with the machine's own compiler, and kept where
`GLASSWORKS_CACHE` says. Where there is no compiler, or where it fails, the same is computed in numpy, about half as fast; `loops` gives the one
or the other, and `is_compiled` says which. Why C: memory is the limit, and neither numpy nor PyTorch has a product that reads
a matrix once for a few rows (`docs/benchmarks.md` has the figures).

Letters: B rows, K key heads, G query heads per key head, H numbers per head, S positions in the cache, I numbers in, O numbers out.
"""

import ctypes
import hashlib
import os
import platform
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn.functional import linear

from glassworks.common.settings import cache_folder

Array = NDArray[Any]
"""fp32."""
SOURCE = Path(__file__).with_suffix(".c")
COMPILERS = ("gcc", "clang", "cc")
LEAST_FOR_THREADS = 100_000
"""Numbers that a loop must read before it is worth waking other threads."""


class Loops:
    """All loops in numpy."""

    is_compiled = False

    def matrix(self, weight_OI: Array) -> Callable[[Array], Array]:
        """x -> x W^T, (B, I) -> (B, O). The matrix's rows lie one after another."""
        weight = torch.from_numpy(weight_OI)

        def product(x_BI: Array) -> Array:
            if len(x_BI) == 1:
                one_BO: Array = x_BI @ weight_OI.T
                return one_BO
            return linear(torch.from_numpy(x_BI), weight).numpy()

        return product

    def attend(
        self,
        q_BKGH: Array,
        keys_BKSH: Array,
        values_BKSH: Array,
        seen: slice,
        cap: float | None = None,
        bias_KGS: Array | None = None,
    ) -> Array:
        """softmax(cap(q k^T) + bias) v over the positions `seen`, (B, K, G, H). Queries are scaled already."""
        scores_BKGS = q_BKGH @ keys_BKSH[:, :, seen].swapaxes(2, 3)
        if cap is not None:
            scores_BKGS = np.tanh(scores_BKGS / cap) * cap
        if bias_KGS is not None:
            scores_BKGS += bias_KGS
        scores_BKGS -= scores_BKGS.max(-1, keepdims=True)
        np.exp(scores_BKGS, out=scores_BKGS)
        scores_BKGS /= scores_BKGS.sum(-1, keepdims=True)
        y_BKGH: Array = scores_BKGS @ values_BKSH[:, :, seen]
        return y_BKGH

    def rms_norm(self, x: Array, eps: float) -> Array:
        """x / sqrt(mean(x^2) + eps) over the last dimension."""
        mean = np.einsum("...i,...i->...", x, x)[..., None] / x.shape[-1]
        y: Array = x / np.sqrt(mean + np.float32(eps))
        return y


class CompiledLoops(Loops):
    """All loops in C. They get addresses: what lies there must be fp32, in order, kept, and as large as is said."""

    is_compiled = True

    def __init__(self, library: ctypes.CDLL) -> None:
        array, size, number = ctypes.c_void_p, ctypes.c_long, ctypes.c_int
        self._product, self._attend = library.product, library.attend
        self._rms_norm = library.rms_norm
        self._product.argtypes = [array] * 3 + [size] * 3 + [number]
        self._attend.argtypes = [array] * 6 + [size] * 7 + [ctypes.c_float, number]
        self._rms_norm.argtypes = [array] * 2 + [size] * 2 + [ctypes.c_float]
        self._product.restype = self._attend.restype = self._rms_norm.restype = None

    def matrix(self, weight_OI: Array) -> Callable[[Array], Array]:
        (num_out, num_in), threads = weight_OI.shape, _threads(weight_OI.size)
        at = _at(weight_OI)

        def product(x_BI: Array, _kept: Array = weight_OI) -> Array:
            x_BI = np.ascontiguousarray(x_BI, np.float32)
            if x_BI.shape[1] != num_in:
                raise ValueError(f"{x_BI.shape} numbers for a matrix of {num_out} x {num_in}")
            y_BO = np.empty((len(x_BI), num_out), np.float32)
            self._product(_at(x_BI), at, _at(y_BO), len(x_BI), num_in, num_out, threads)
            return y_BO

        return product

    def attend(
        self,
        q_BKGH: Array,
        keys_BKSH: Array,
        values_BKSH: Array,
        seen: slice,
        cap: float | None = None,
        bias_KGS: Array | None = None,
    ) -> Array:
        (B, K, G, H), capacity = q_BKGH.shape, keys_BKSH.shape[2]
        first, length = seen.start, seen.stop - seen.start
        if not 0 <= first < seen.stop <= capacity:
            raise ValueError(f"positions {first} to {seen.stop} of {capacity}")
        q_BKGH = np.ascontiguousarray(q_BKGH, np.float32)
        y_BKGH, scores_BKGS = np.empty_like(q_BKGH), np.empty((B, K, G, length), np.float32)
        if bias_KGS is not None:
            bias_KGS = np.ascontiguousarray(bias_KGS, np.float32)
        arrays = (q_BKGH, keys_BKSH, values_BKSH, bias_KGS, scores_BKGS, y_BKGH)
        threads = _threads(2 * B * K * length * H)
        sizes = (B, K, G, H, capacity, first, length)
        self._attend(*map(_at, arrays), *sizes, cap or 0.0, threads)
        return y_BKGH

    def rms_norm(self, x: Array, eps: float) -> Array:
        x = np.ascontiguousarray(x, np.float32)
        y, width = np.empty_like(x), x.shape[-1]
        self._rms_norm(_at(x), _at(y), x.size // width, width, eps)
        return y


def _at(array: Array | None) -> int | None:
    """The address of an array. Raises BufferError where its numbers do not lie in order."""
    return None if array is None else ctypes.addressof(ctypes.c_char.from_buffer(array.data))


def _threads(num_read: int) -> int:
    return torch.get_num_threads() if num_read >= LEAST_FOR_THREADS else 1


@cache
def loops() -> Loops:
    """The fastest that this machine has; compiled at the first call, which takes a second or two once."""
    compiler = next(filter(None, map(shutil.which, COMPILERS)), None)
    if compiler is None:
        return Loops()
    try:
        return CompiledLoops(ctypes.CDLL(str(_library(compiler))))
    except (OSError, subprocess.SubprocessError):
        return Loops()


def _library(compiler: str) -> Path:
    """The compiled file of this source, compiler and processor. Raises OSError or SubprocessError where it cannot be made."""
    macros = _run(compiler, *_target(), "-dM", "-E", "-x", "c", os.devnull)
    name = hashlib.sha256(macros + SOURCE.read_bytes()).hexdigest()[:16]
    file = cache_folder() / f"loops-{name}.so"
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=file.parent) as folder:
            made = Path(folder, file.name)
            options = ("-O2", *_target(), "-shared", "-fPIC", "-o", str(made), str(SOURCE), "-lm")
            try:
                _run(compiler, "-fopenmp", *options)
            except subprocess.CalledProcessError:  # Apple's compiler has no threads of this kind
                _run(compiler, *options)
            made.replace(file)
    return file


def _target() -> tuple[str, ...]:
    """For the processor at hand alone: the file stays on this machine."""
    return ("-mcpu=native",) if platform.machine() in ("arm64", "aarch64") else ("-march=native",)


def _run(*argv: str) -> bytes:
    return subprocess.run(argv, capture_output=True, check=True, timeout=120).stdout
