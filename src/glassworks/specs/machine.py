"""What `glassworks doctor` measured of a machine: `machine.json`."""

from glassworks.specs.base import Spec


class MachineSpec(Spec):
    """Ceilings are measured rates, not data sheets. GFLOP/s of a square matmul per dtype; bytes/s of a large copy."""

    format: int = 1
    measured_at: str
    hostname: str
    platform: str
    python: str
    torch: str
    processor: str
    num_cores: int
    memory_bytes: int
    device_memory_bytes: dict[str, int] = {}
    """Device -> bytes of its own memory; a device that is not named uses the machine's."""
    devices: tuple[str, ...] = ("cpu",)
    has_fast_bf16: bool = False
    matmul_gflops: dict[str, float] = {}
    """`"cpu/bf16"` -> GFLOP/s."""
    copy_bytes_per_s: float = 0.0
    disk_bytes_per_s: float = 0.0
    is_writing_compiled: bool | None = None
    """Whether the loops of writing could be compiled for the processor; None: not tried yet."""

    def memory_of(self, device: str) -> int | None:
        """Bytes of the memory that a device computes in; None where it was never measured."""
        if device in self.device_memory_bytes:
            return self.device_memory_bytes[device]
        return None if device == "cuda" else self.memory_bytes
