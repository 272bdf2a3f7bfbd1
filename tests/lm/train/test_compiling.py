"""Compiling where there is a compiler, eager otherwise; said aloud, and exact in itself."""

from pathlib import Path

import pytest
import torch

from glassworks.lm.train import compiling
from glassworks.lm.train.compiling import LONG_STEPS, compile_loss, pick_compile, why_not
from tests.lm.train.tiny import loaded, make_trainer, saved, write_tokens


@pytest.fixture
def no_compiler(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))


def test_auto_compiles_where_it_pays_and_what_is_asked_for_stays(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(compiling, "why_not", lambda device: "")
    assert pick_compile("auto", "cuda", "bf16", 10) is True
    assert pick_compile("auto", "cpu", "bf16", LONG_STEPS) is True
    assert pick_compile("auto", "cpu", "bf16", LONG_STEPS - 1) is False
    assert pick_compile("auto", "cpu", "fp32", LONG_STEPS) is False
    assert pick_compile("auto", "mps", "bf16", LONG_STEPS) is False
    assert pick_compile(True, "cpu", "fp32", 1) is True
    assert pick_compile(False, "cuda", "bf16", LONG_STEPS) is False


@pytest.mark.usefixtures("no_compiler")
def test_without_a_compiler_the_run_computes_eagerly_and_says_so(tmp_path: Path) -> None:
    assert pick_compile("auto", "cuda", "bf16", 10) is False
    assert pick_compile("auto", "cpu", "bf16", LONG_STEPS) is False
    tokens = write_tokens(tmp_path / "tokens")
    trainer, plain = make_trainer(tokens), make_trainer(tokens)
    found = compile_loss(trainer)
    assert (found.level, found.code) == ("warn", "not-compiled")
    assert "no C++ compiler" in found.message
    assert trainer.is_compiled is False
    assert trainer.update().loss == plain.update().loss


def test_a_compiler_that_fails_is_told_and_the_run_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(graph: object, inputs: object) -> object:
        raise RuntimeError("the linker has no memory\nand so on")

    compile_ = torch.compile
    monkeypatch.setattr(compiling, "why_not", lambda device: "")
    monkeypatch.setattr(torch, "compile", lambda f, **k: compile_(f, backend=broken, **k))
    tokens = write_tokens(tmp_path / "tokens")
    trainer, plain = make_trainer(tokens), make_trainer(tokens)
    found = compile_loss(trainer)
    assert found.code == "not-compiled"
    assert "compiling failed" in found.message
    assert trainer.update().loss == plain.update().loss


def test_what_is_compiled_is_all_that_a_run_needs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the real tracer, with operations run one by one behind it: two programs, in one piece each, none made later."""
    made: list[torch.fx.GraphModule] = []

    def backend(graph: torch.fx.GraphModule, inputs: object) -> object:
        made.append(graph)
        return graph.forward

    compile_ = torch.compile
    monkeypatch.setattr(compiling, "why_not", lambda device: "")
    monkeypatch.setattr(torch, "compile", lambda f, **k: compile_(f, backend=backend, **k))
    torch._dynamo.reset()
    tokens = write_tokens(tmp_path / "tokens")
    trainer, plain = make_trainer(tokens), make_trainer(tokens)
    found = compile_loss(trainer)
    assert (found.level, found.code) == ("note", "compiled"), found.message
    assert trainer.is_compiled is True
    assert len(made) == 2
    for _ in range(4):
        assert trainer.update().loss == pytest.approx(plain.update().loss, rel=1e-5)
    assert len(made) == 2, "a program that is made on the way would depend on what came before"
    again = loaded(saved(trainer, tmp_path / "step"), trainer)
    compile_loss(again)
    assert again.update().loss == trainer.update().loss
    torch._dynamo.reset()


@pytest.mark.soak
@pytest.mark.timeout(1800)
@pytest.mark.skipif(bool(why_not("cpu")), reason=why_not("cpu"))
def test_a_compiled_run_that_was_cut_is_the_run_that_was_not(tmp_path: Path) -> None:
    """With the real compiler, which takes its time; two threads, and common tokens at thousands of places of a batch."""
    torch.set_num_threads(2)
    tokens = write_tokens(tmp_path / "tokens", 100_000)
    trainer = make_trainer(tokens, batch_size=2000, accumulation=2, threads=2)
    assert compile_loss(trainer).code == "compiled"
    for _ in range(3):
        trainer.update()
    folder = saved(trainer, tmp_path / "step-3")
    again = loaded(folder, trainer)
    torch._dynamo.reset()
    assert compile_loss(again).code == "compiled"
    for _ in range(3):
        assert again.update().loss == trainer.update().loss
    for name, master in trainer.weights.masters.items():
        assert torch.equal(again.weights.masters[name], master), name
