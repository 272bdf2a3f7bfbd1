"""Measuring the machine. No torch here: its version is read from the installed package, its speed by the helper."""

import os
import platform
import shutil
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import psutil

from glassworks.common.errors import BadData
from glassworks.common.version import VERSION
from glassworks.engine.workshop import Workshop
from glassworks.server.features.machine.schemas import MachineNow, MachineView
from glassworks.specs.machine import MachineSpec


def view(workshop: Workshop) -> MachineView:
    versions = {
        "glassworks": VERSION,
        "python": platform.python_version(),
        "torch": _version("torch"),
    }
    return MachineView(machine=_measured(workshop), now=now(workshop.store.root), versions=versions)


def now(folder: Path) -> MachineNow:
    """How busy the machine is; disk figures are those of the disk under `folder`."""
    memory, disk = psutil.virtual_memory(), shutil.disk_usage(folder)
    return MachineNow(
        cpu_percent=psutil.cpu_percent(interval=None),
        memory_used_bytes=memory.total - memory.available,
        memory_total_bytes=memory.total,
        disk_free_bytes=disk.free,
        disk_total_bytes=disk.total,
        load=round(os.getloadavg()[0], 2),
    )


def _measured(workshop: Workshop) -> MachineSpec | None:
    """A damaged file counts as not measured yet: measuring anew mends it."""
    try:
        return workshop.machine()
    except BadData:
        return None


def _version(distribution: str) -> str | None:
    try:
        return version(distribution)
    except PackageNotFoundError:
        return None
