"""The loops in C say what numpy says, whatever the sizes; without a compiler the model writes all the same."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from numpy.testing import assert_allclose

from glassworks.lm.model import loops as module
from glassworks.lm.model.loops import Array, CompiledLoops, Loops, loops

SIZES = (1, 3, 5, 6, 7, 13, 64, 100)
"""Around what fits into a register and into a tile, and beside it."""


@pytest.fixture
def compiled() -> Loops:
    """This machine has a compiler, as those that test must."""
    assert loops().is_compiled
    return loops()


@pytest.fixture
def threads(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Two threads share the smallest work."""
    monkeypatch.setattr(module, "LEAST_FOR_THREADS", 1)
    before = torch.get_num_threads()
    torch.set_num_threads(2)
    yield
    torch.set_num_threads(before)


def _numbers(*shape: int, seed: int = 0) -> Array:
    return np.random.default_rng(seed).standard_normal(shape, dtype=np.float32)


@pytest.mark.parametrize("num_rows", range(1, 14))
def test_a_product_of_any_size(compiled: Loops, num_rows: int) -> None:
    for num_in in SIZES:
        for num_out in SIZES:
            x_BI, weight_OI = _numbers(num_rows, num_in), _numbers(num_out, num_in, seed=1)
            exact = x_BI.astype(np.float64) @ weight_OI.T.astype(np.float64)
            for kind in (compiled, Loops()):
                assert_allclose(kind.matrix(weight_OI)(x_BI), exact, rtol=1e-4, atol=1e-4)


def test_threads_change_no_bit(compiled: Loops, threads: None) -> None:
    for num_out in (1, 5, 6, 7, 12, 13, 100, 1000):
        x_BI, weight_OI = _numbers(8, 77), _numbers(num_out, 77, seed=1)
        shared = compiled.matrix(weight_OI)(x_BI)
        torch.set_num_threads(1)
        assert np.array_equal(compiled.matrix(weight_OI)(x_BI), shared)
        torch.set_num_threads(2)
    arguments = _attention(B=3, K=2, G=2, H=20, length=30)
    shared = compiled.attend(**arguments)
    torch.set_num_threads(1)
    assert np.array_equal(compiled.attend(**arguments), shared)


def test_a_matrix_is_kept_while_it_is_used(compiled: Loops) -> None:
    """It gets an address: what lies there must live as long."""
    product = compiled.matrix(_numbers(64, 64))
    rubbish = [_numbers(64, 64, seed=seed) for seed in range(50)]
    assert_allclose(product(_numbers(1, 64)), _numbers(1, 64) @ _numbers(64, 64).T, rtol=1e-4)
    assert len(rubbish) == 50


@pytest.mark.parametrize("H", [1, 4, 20, 64, 80])
@pytest.mark.parametrize("wish", [{}, {"cap": 2.0}, {"first": 9}, {"has_bias": True}])
def test_attention_of_any_size(compiled: Loops, H: int, wish: dict[str, Any]) -> None:
    for B, K, G in ((1, 1, 1), (2, 3, 1), (1, 2, 5), (8, 1, 4)):
        for length in (1, 15, 16, 33):
            arguments = _attention(B, K, G, H, length, **wish)
            assert_allclose(
                compiled.attend(**arguments), Loops().attend(**arguments), rtol=1e-4, atol=1e-5
            )


@pytest.mark.parametrize("shape", [(1, 1), (2, 5), (3, 16), (8, 384), (2, 3, 20), (8, 12, 64)])
def test_a_norm_of_any_size(compiled: Loops, shape: tuple[int, ...]) -> None:
    """Also of what does not lie in order, and of zeros."""
    wide = _numbers(*shape[:-1], shape[-1] + 3)
    for x in (_numbers(*shape), wide[..., : shape[-1]], np.zeros(shape, np.float32)):
        exact = x / np.sqrt((x.astype(np.float64) ** 2).mean(-1, keepdims=True) + 1e-5)
        for kind in (compiled, Loops()):
            assert_allclose(kind.rms_norm(x, 1e-5), exact, rtol=1e-5, atol=1e-6)


def test_scores_far_apart_give_shares_and_no_overflow(compiled: Loops) -> None:
    arguments = _attention(B=1, K=2, G=1, H=16, length=40)
    arguments["q_BKGH"] *= 10_000
    y_BKGH = compiled.attend(**arguments)
    assert np.isfinite(y_BKGH).all()
    assert_allclose(y_BKGH, Loops().attend(**arguments), rtol=1e-3, atol=1e-3)


def test_what_is_no_number_stays_none(compiled: Loops) -> None:
    """A model that broke while it learned is not made to look well."""
    arguments = _attention(B=1, K=1, G=1, H=16, length=5)
    arguments["q_BKGH"][:] = np.nan
    assert np.isnan(compiled.attend(**arguments)).all()
    assert np.isnan(compiled.matrix(_numbers(7, 16))(np.full((1, 16), np.nan, np.float32))).all()


def test_arrays_out_of_order_are_refused(compiled: Loops) -> None:
    arguments = _attention(B=2, K=2, G=1, H=16, length=5)
    arguments["keys_BKSH"] = arguments["keys_BKSH"].swapaxes(0, 1)
    with pytest.raises((BufferError, TypeError, ValueError)):
        compiled.attend(**arguments)


def test_nothing_is_read_beside_an_array(compiled: Loops) -> None:
    with pytest.raises(ValueError, match="for a matrix of 7 x 16"):
        compiled.matrix(_numbers(7, 16))(_numbers(2, 15))
    arguments = _attention(B=1, K=1, G=1, H=16, length=5)
    for seen in (slice(0, 10), slice(-1, 4), slice(3, 3)):
        with pytest.raises(ValueError, match="positions"):
            compiled.attend(**{**arguments, "seen": seen})


def test_other_numbers_are_rounded_first(compiled: Loops) -> None:
    x_BI, weight_OI = _numbers(2, 16), _numbers(7, 16, seed=1)
    twice = compiled.matrix(weight_OI)(x_BI.astype(np.float64))
    assert np.array_equal(twice, compiled.matrix(weight_OI)(x_BI))


def test_it_is_compiled_once(tmp_path: Path) -> None:
    environment = {**os.environ, "GLASSWORKS_CACHE": str(tmp_path)}
    ask = "from glassworks.lm.model.loops import loops; print(loops().is_compiled)"
    times = []
    for _ in range(2):
        told = subprocess.run(
            [sys.executable, "-c", ask], check=False, env=environment, capture_output=True
        )
        assert told.stdout.strip() == b"True", told.stderr
        (file,) = tmp_path.iterdir()
        times.append(file.stat().st_mtime_ns)
    assert times[0] == times[1]


@pytest.mark.parametrize("compiler", [None, "#!/bin/sh\nexit 1\n", "#!/bin/sh\nexit 0\n"])
def test_without_a_compiler_numpy_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, compiler: str | None
) -> None:
    """None, one that fails, and one that makes nothing."""
    monkeypatch.setenv("GLASSWORKS_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("PATH", str(tmp_path))
    if compiler is not None:
        (tmp_path / "gcc").write_text(compiler)
        (tmp_path / "gcc").chmod(0o755)
    kind = module.loops.__wrapped__()
    assert type(kind) is Loops
    assert not list(tmp_path.glob("cache/*"))


def test_where_nothing_can_be_written_numpy_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("GLASSWORKS_CACHE", str(tmp_path / "file"))
    assert not isinstance(module.loops.__wrapped__(), CompiledLoops)


def _attention(
    B: int, K: int, G: int, H: int, length: int, first: int = 0, has_bias: bool = False, **wish: Any
) -> dict[str, Any]:
    """Arguments of `attend`, with room for more positions than are seen."""
    keys_BKSH, values_BKSH = (_numbers(B, K, first + length + 4, H, seed=seed) for seed in (1, 2))
    return {
        "q_BKGH": _numbers(B, K, G, H),
        "keys_BKSH": keys_BKSH,
        "values_BKSH": values_BKSH,
        "seen": slice(first, first + length),
        "bias_KGS": _numbers(K, G, length, seed=3) if has_bias else None,
        **wish,
    }
