"""What the machine calls answer."""

from typing import Any

from pydantic import ConfigDict

from glassworks.specs.base import Spec
from glassworks.specs.machine import MachineSpec

MACHINE: dict[str, Any] = {
    "format": 1,
    "measured_at": "2026-03-01T12:00:00.000000Z",
    "hostname": "workbench",
    "platform": "Linux-6.1",
    "python": "3.12.3",
    "torch": "2.13.0",
    "processor": "AMD EPYC",
    "num_cores": 2,
    "memory_bytes": 25_000_000_000,
    "devices": ["cpu"],
    "has_fast_bf16": True,
    "matmul_gflops": {"cpu/fp32": 152.0},
    "copy_bytes_per_s": 11e9,
    "disk_bytes_per_s": 9e8,
}
NOW: dict[str, Any] = {
    "cpu_percent": 93.5,
    "memory_used_bytes": 4_000_000_000,
    "memory_total_bytes": 25_000_000_000,
    "disk_free_bytes": 80_000_000_000,
    "disk_total_bytes": 120_000_000_000,
    "load": 1.9,
}
VERSIONS: dict[str, Any] = {"glassworks": "0.1.0", "python": "3.12.3", "torch": "2.13.0"}


class MachineNow(Spec):
    """`cpu_percent` since the call before, 0 to 100; `load` is the one-minute average; disk: where the store lies."""

    cpu_percent: float
    memory_used_bytes: int
    memory_total_bytes: int
    disk_free_bytes: int
    disk_total_bytes: int
    load: float


class MachineView(Spec):
    """`machine` is null until it was measured. `versions`: distribution -> version; null when it is not installed."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"machine": MACHINE, "now": NOW, "versions": VERSIONS}]}
    )

    machine: MachineSpec | None
    now: MachineNow
    versions: dict[str, str | None]


class MeasuredMachine(MachineSpec):
    """What `glassworks doctor` measures."""

    model_config = ConfigDict(json_schema_extra={"examples": [MACHINE]})
