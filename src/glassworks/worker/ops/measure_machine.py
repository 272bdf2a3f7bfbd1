"""Measure what this machine can do: `{}` -> `MachineSpec` as JSON. About five seconds.

Ceilings are the best of a few repeats: a matrix product of 2048 x 2048 (smaller where that takes too long) per device and dtype, a large copy in memory, a
large file written and flushed to disk. Best, not mean: load of others can only make it slower.
"""

import os
import platform
import socket
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil
import torch

from glassworks.common.clock import utc_now
from glassworks.lm.model.loops import loops
from glassworks.specs.base import Spec
from glassworks.specs.machine import MachineSpec
from glassworks.worker.ops.base import Op

SIZES = (256, 512, 1024, 2048)
COPY_BYTES = 256 << 20
DISK_BYTES = 64 << 20
REPEATS = 5
BUDGET_S = 0.7
FAST_BF16_RATIO = 1.2
DTYPES = {"fp32": torch.float32, "bf16": torch.bfloat16}


class MeasureMachine(Op):
    """Measure this machine's ceilings."""

    class Args(Spec):
        folder: str | None = None

    def run(self, args: Args) -> dict[str, Any]:
        devices = _devices()
        gflops = {
            f"{device}/{name}": round(_matmul_gflops(device, dtype), 1)
            for device in devices
            for name, dtype in DTYPES.items()
        }
        main_device = devices[-1]
        has_fast_bf16 = (
            gflops[f"{main_device}/bf16"] > FAST_BF16_RATIO * gflops[f"{main_device}/fp32"]
        )
        return MachineSpec(
            measured_at=utc_now(),
            hostname=socket.gethostname(),
            platform=platform.platform(),
            python=platform.python_version(),
            torch=torch.__version__,
            processor=_processor(),
            num_cores=_num_usable_cores(),
            memory_bytes=psutil.virtual_memory().total,
            device_memory_bytes=_device_memory_bytes(),
            devices=tuple(devices),
            has_fast_bf16=has_fast_bf16,
            matmul_gflops=gflops,
            copy_bytes_per_s=round(_copy_bytes_per_s()),
            disk_bytes_per_s=round(_disk_bytes_per_s(args.folder)),
            is_writing_compiled=loops().is_compiled,
        ).to_json()


def _devices() -> list[str]:
    devices = ["cpu"]
    if torch.cuda.is_available():
        devices.append("cuda")
    if torch.backends.mps.is_available():
        devices.append("mps")
    return devices


def _device_memory_bytes() -> dict[str, int]:
    if not torch.cuda.is_available():
        return {}
    return {"cuda": int(torch.cuda.get_device_properties(0).total_memory)}


def _matmul_gflops(device: str, dtype: torch.dtype) -> float:
    """The largest size that is done within the budget: some processors emulate bf16, a hundred times slower."""
    gflops = 0.0
    for size in SIZES:
        seconds = _matmul_s(device, dtype, size)
        gflops = 2 * size**3 / seconds / 1e9
        if 8 * seconds > BUDGET_S:  # the next size is twice as wide: eight times the work
            break
    return gflops


def _matmul_s(device: str, dtype: torch.dtype, size: int) -> float:
    a = torch.randn(size, size, device=device).to(dtype)
    b = torch.randn(size, size, device=device).to(dtype)

    def multiply() -> None:
        torch.matmul(a, b)
        _wait_for(device)

    multiply()  # the first call also chooses and prepares a kernel
    return _best_s(multiply)


def _wait_for(device: str) -> None:
    if device == "cuda":
        torch.cuda.synchronize()
    elif device == "mps":
        torch.mps.synchronize()


def _copy_bytes_per_s() -> float:
    """Bytes moved per second, counting what is read and what is written."""
    source = torch.ones(COPY_BYTES, dtype=torch.uint8)
    target = torch.zeros_like(source)
    return 2 * COPY_BYTES / _best_s(lambda: target.copy_(source))


def _disk_bytes_per_s(folder: str | None) -> float:
    """Bytes written and flushed per second; 0 where nothing can be written."""
    data = os.urandom(1 << 20)
    try:
        with tempfile.TemporaryFile(dir=Path(folder) if folder else None) as file:
            started = time.perf_counter()
            for _ in range(DISK_BYTES >> 20):
                file.write(data)
            file.flush()
            os.fsync(file.fileno())
            return DISK_BYTES / (time.perf_counter() - started)
    except OSError:
        return 0.0


def _best_s(work: Callable[[], object]) -> float:
    """The shortest of a few runs; slow machines get fewer."""
    deadline = time.perf_counter() + BUDGET_S
    best = float("inf")
    for _ in range(REPEATS):
        started = time.perf_counter()
        work()
        ended = time.perf_counter()
        best = min(best, ended - started)
        if ended > deadline:
            break
    return best


def _processor() -> str:
    """The processor's name, as its maker wrote it."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def _num_usable_cores() -> int:
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:
        return os.cpu_count() or 1
