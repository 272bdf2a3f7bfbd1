"""`glassworks doctor`: is this machine fit for work, how fast is it, and is what the store holds sound."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass

from glassworks.engine.verify import Problem, verify_store
from glassworks.engine.workshop import Workshop
from glassworks.specs.machine import MachineSpec

LOW_DISK_BYTES = 2 * 1024**3


@dataclass(frozen=True)
class DoctorReport:
    """`remarks`: what is missing or tight here, in words. `problems`: damage in the store; None when not asked for."""

    machine: MachineSpec
    home: str
    store: str
    free_bytes: int
    remarks: tuple[str, ...]
    problems: tuple[Problem, ...] | None = None

    @property
    def is_well(self) -> bool:
        return not self.remarks and not self.problems


def check_machine(
    workshop: Workshop,
    is_store_checked: bool = False,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> DoctorReport:
    """Measure the machine and keep the figures, try the executor, and read the whole store if asked."""
    machine = workshop.measure_machine()
    free_bytes = shutil.disk_usage(workshop.store.root).free
    remarks = workshop.executor.selftest()
    if machine.is_writing_compiled is False:
        remarks.append(
            "models write about half as fast as they could: no C compiler (gcc or clang) works here"
        )
    if free_bytes < LOW_DISK_BYTES:
        remarks.append(f"only {free_bytes / 1e9:.1f} GB are free where the store lies")
    problems = tuple(verify_store(workshop.store, progress)) if is_store_checked else None
    return DoctorReport(
        machine=machine,
        home=str(workshop.settings.home),
        store=str(workshop.store.root),
        free_bytes=free_bytes,
        remarks=tuple(remarks),
        problems=problems,
    )
