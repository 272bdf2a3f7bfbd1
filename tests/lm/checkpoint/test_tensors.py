"""Our writer of safetensors files and the library's write the same bytes."""

from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save

from glassworks.lm.checkpoint.tensors import NAMES, write_tensors


def test_the_bytes_are_those_of_the_library(tmp_path: Path) -> None:
    tensors = {
        f"{'ä' if number % 2 else 'b'}.{number}": torch.arange(12).reshape(3, 4).to(dtype)
        for number, dtype in enumerate([*NAMES, *NAMES])
    }
    tensors["empty"] = torch.empty(0, 4)
    tensors["one number"] = torch.tensor(3.0)
    write_tensors(tmp_path / "x.safetensors", tensors)
    assert (tmp_path / "x.safetensors").read_bytes() == save(tensors)


@pytest.mark.parametrize("num", range(1, 9))
def test_the_header_is_padded_as_the_library_does(tmp_path: Path, num: int) -> None:
    tensors = {"w" * num: torch.ones(num)}
    write_tensors(tmp_path / "x.safetensors", tensors)
    assert (tmp_path / "x.safetensors").read_bytes() == save(tensors)


def test_a_view_is_written_as_what_it_shows(tmp_path: Path) -> None:
    whole = torch.arange(12.0).reshape(3, 4)
    write_tensors(tmp_path / "x.safetensors", {"turned": whole.T, "row": whole[1]})
    found = load_file(tmp_path / "x.safetensors")
    assert torch.equal(found["turned"], whole.T)
    assert torch.equal(found["row"], whole[1])
