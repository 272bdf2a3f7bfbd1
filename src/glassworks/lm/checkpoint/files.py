"""The three files of a checkpoint folder.

    model.safetensors   the weights in fp32, under the names of the model's state_dict
    architecture.json   the resolved architecture, vocabulary size filled in
    checkpoint.json     {"format": 1, "step": 500, "tokenizer": "<artifact id>"}

In: weights and architecture, or a folder. Out: the files, or a model ready to use. A tied head is stored once, as the
embedding. Reading copies each tensor into fresh memory: the same bits then take the same path through the processor
whatever the file's layout was, which exact resume leans on.
"""

import json
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from torch import Tensor

from glassworks.common.errors import BadData, InvalidSpec, NotFound
from glassworks.lm.checkpoint.tensors import write_tensors
from glassworks.lm.model.architecture import ArchitectureConfig, parse_architecture
from glassworks.lm.model.transformer import Transformer

FORMAT = 1
WEIGHTS, ARCHITECTURE, ABOUT = "model.safetensors", "architecture.json", "checkpoint.json"
CHECKPOINT_FILES = (WEIGHTS, ARCHITECTURE, ABOUT)


@dataclass(frozen=True)
class Checkpoint:
    """A model as it was after `step` steps, and the artifact id of the tokenizer that it speaks through."""

    model: Transformer
    architecture: ArchitectureConfig
    step: int
    tokenizer_id: str


def write_checkpoint(
    folder: Path,
    weights: Mapping[str, Tensor],
    architecture: ArchitectureConfig,
    step: int,
    tokenizer_id: str,
) -> None:
    """Write the three files into an existing folder; equal weights give equal bytes.

    `weights`: the fp32 masters by state_dict name, on any device. Raises InvalidSpec when `vocab_size` is still empty.
    """
    tensors = {
        name: weights[name].detach().to("cpu", torch.float32).contiguous()
        for name in sorted(weights)
    }
    check_weights(tensors, architecture, str(folder))
    folder.joinpath(ARCHITECTURE).write_text(_document(architecture.to_json()), encoding="utf-8")
    about = {"format": FORMAT, "step": step, "tokenizer": tokenizer_id}
    folder.joinpath(ABOUT).write_text(_document(about), encoding="utf-8")
    write_tensors(folder / WEIGHTS, tensors)


def read_checkpoint(
    folder: Path,
    device: torch.device | str = "cpu",
    dtype: torch.dtype = torch.float32,
) -> Checkpoint:
    """Read a checkpoint folder -> its model in evaluation mode, on `device`, in `dtype`.

    Raises NotFound for a missing file, BadData naming the file or tensor for anything else that is not right.
    """
    architecture = read_architecture(folder)
    step, tokenizer_id = read_about(folder)
    weights = read_weights(folder / WEIGHTS)
    check_weights(weights, architecture, str(folder / WEIGHTS))
    model = Transformer(architecture)
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            parameter.copy_(weights[name])
    model = model.to(device=device, dtype=dtype).eval()
    return Checkpoint(model, architecture, step, tokenizer_id)


def read_architecture(folder: Path) -> ArchitectureConfig:
    """The architecture of a checkpoint folder or architecture artifact. Raises NotFound, BadData."""
    path = folder / ARCHITECTURE
    try:
        return parse_architecture(_read_json(path))
    except InvalidSpec as error:
        raise BadData(
            "bad-checkpoint", f"{ARCHITECTURE}: {error.message}", error.hint, str(path)
        ) from error


def read_about(folder: Path) -> tuple[int, str]:
    """(step, tokenizer's artifact id) of a checkpoint folder. Raises NotFound, BadData."""
    path = folder / ABOUT
    about = _read_json(path)
    if about.get("format") != FORMAT:
        raise _bad(
            path, f"{ABOUT} has format {about.get('format')!r}; this version reads {FORMAT}."
        )
    step, tokenizer_id = about.get("step"), about.get("tokenizer")
    if type(step) is not int or step < 0 or not isinstance(tokenizer_id, str):
        raise _bad(path, f"{ABOUT} does not give a step and a tokenizer.")
    return step, tokenizer_id


def read_weights(path: Path) -> dict[str, Tensor]:
    """All tensors of a safetensors file, by name, in memory of their own."""
    _require(path)
    try:
        with safe_open(path, framework="pt", device="cpu") as file:
            return {name: file.get_tensor(name).clone() for name in file.keys()}  # noqa: SIM118
    except (SafetensorError, ValueError, struct.error) as error:
        raise _bad(path, f"{path.name} is not a whole safetensors file: {error}.") from error


def check_weights(
    weights: Mapping[str, Tensor], architecture: ArchitectureConfig, where: str
) -> None:
    """Raise BadData, naming the tensor, unless names and shapes are those of the architecture."""
    with torch.device("meta"):
        expected = {n: tuple(p.shape) for n, p in Transformer(architecture).named_parameters()}
    for name, shape in expected.items():
        if name not in weights:
            raise _bad(where, f"The weights lack the tensor {name!r}.")
        if tuple(weights[name].shape) != shape:
            found = tuple(weights[name].shape)
            raise _bad(where, f"The tensor {name!r} has shape {found}; the model needs {shape}.")
        if not weights[name].is_floating_point():
            held = str(weights[name].dtype).removeprefix("torch.")
            raise _bad(where, f"The tensor {name!r} holds {held}, not fractions.")
    if unknown := sorted(set(weights) - set(expected)):
        raise _bad(where, f"The weights hold a tensor {unknown[0]!r} that the model does not have.")


def _read_json(path: Path) -> dict[str, Any]:
    _require(path)
    try:
        document = json.loads(path.read_bytes())
    except ValueError as error:
        raise _bad(path, f"{path.name} is not JSON: {error}.") from error
    if not isinstance(document, dict):
        raise _bad(path, f"{path.name} is not a JSON object.")
    return document


def _require(path: Path) -> None:
    if not path.is_file():
        raise NotFound(
            "checkpoint-incomplete",
            f"The checkpoint has no file {path.name}.",
            "Use another checkpoint, or train it again.",
            str(path),
        )


def _bad(where: Path | str, message: str) -> BadData:
    return BadData("bad-checkpoint", message, "Use another checkpoint of this run.", str(where))


def _document(value: dict[str, Any]) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"
