"""Writing a safetensors file straight from memory.

In: named tensors on the CPU. Out: the very bytes that the `safetensors` library writes (a test holds them equal). Unusual:
the library first gathers the whole file in memory, three times over and holding Python's lock; here each tensor's memory
goes to the file as it lies, so a save beside a training neither needs room nor stops it.

The file: 8 bytes with the header's length, the header (JSON: name -> dtype, shape, begin and end), then the tensors, in
the order of `NAMES`, and by name among equals.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

NAMES = {
    torch.int64: "I64",
    torch.float64: "F64",
    torch.float32: "F32",
    torch.int32: "I32",
    torch.bfloat16: "BF16",
    torch.float16: "F16",
}
"""The dtypes that are written, in the order in which their tensors stand in a file."""
ALIGNED = 8


def write_tensors(path: Path, tensors: Mapping[str, Tensor]) -> None:
    """Write `tensors` (dense, CPU, of a dtype in `NAMES`) to `path`. Raises OSError where the disk has no room."""
    ranks = {dtype: rank for rank, dtype in enumerate(NAMES)}
    order = sorted(tensors, key=lambda name: (ranks[tensors[name].dtype], name))
    header: dict[str, Any] = {}
    end = 0
    for name in order:
        tensor = tensors[name]
        begin, end = end, end + tensor.numel() * tensor.element_size()
        header[name] = {
            "dtype": NAMES[tensor.dtype],
            "shape": list(tensor.shape),
            "data_offsets": [begin, end],
        }
    text = json.dumps(header, separators=(",", ":"), ensure_ascii=False).encode()
    text += b" " * (-len(text) % ALIGNED)
    with path.open("wb") as file:
        file.write(len(text).to_bytes(8, "little"))
        file.write(text)
        for name in order:
            file.write(_memory(tensors[name]))


def _memory(tensor: Tensor) -> memoryview:
    """The tensor's bytes where they lie; numpy knows no bf16, so all go as plain bytes."""
    flat = tensor.detach().contiguous().flatten()
    return flat.view(torch.uint8).numpy().data
