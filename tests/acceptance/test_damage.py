"""Damage: a deleted artifact, a corrupt one, and damaged states. Told, explained, and mended by running again."""

import json
import shutil
import signal
from pathlib import Path

from tests.acceptance.checks import check_sound, states_of, wait_until
from tests.acceptance.conftest import long_run
from tests.acceptance.house import LIMIT_S, House


def output(house: House, node: str, name: str) -> Path:
    """The folder of what a node made."""
    run = house.node(node)
    done = run.done() if run is not None else None
    assert done is not None
    return house.store.artifacts.folder(done.outputs[name])


def actions(house: House) -> dict[str, str]:
    """What happened to each node in the newest run of the recipe."""
    nodes = house.flow_runs()[0].state().nodes
    return {name: decision.action for name, decision in nodes.items()}


def flip_a_bit(file: Path) -> None:
    file.chmod(0o644)
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.write_bytes(data)


def only(node: str) -> dict[str, str]:
    names = ("data", "split", "tokenizer", "tokens", "train")
    return {name: "run" if name == node else "reuse" for name in names}


def test_a_deleted_artifact_runs_only_its_stage(house: House, recipe: Path) -> None:
    shutil.rmtree(output(house, "tokenizer", "tokenizer"))
    done = house.run("run", str(recipe))
    assert done.returncode == 0, done.stderr
    assert actions(house) == only("tokenizer")
    assert "tokenizer" in done.stdout and "no longer in the store" in done.stdout
    check_sound(house)


def test_a_corrupt_store_entry_is_found_and_explained(house: House, recipe: Path) -> None:
    folder = output(house, "tokens", "train")
    flip_a_bit(next(folder.glob("shard-*.bin")))
    done = house.run("doctor", "--store", "--json")
    assert done.returncode == 2, done.stderr
    (problem,) = json.loads(done.stdout)["problems"]
    assert folder.name[:12] in problem["what"]
    assert "other bytes than when it was made" in problem["problem"]
    assert "tiny/tokens" in problem["made_by"]
    assert str(folder) in problem["remedy"] and "only that stage runs" in problem["remedy"]
    shutil.rmtree(folder)  # the remedy, to the letter
    house.must("run", str(recipe))
    assert actions(house) == only("tokens")
    check_sound(house)


def test_damaged_states_are_set_aside_and_the_one_before_is_used(
    house: House, recipe: Path, long_checkpoint: str
) -> None:
    process = house.start(*long_run(recipe))
    wait_until(lambda: len(states_of(house)) >= 5, process)
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=LIMIT_S)
    assert process.returncode == 130
    sound, *damaged = states_of(house)[-5:]
    truncated, emptied, flipped, headless = damaged
    weights = truncated / "model.safetensors"
    weights.chmod(0o644)
    replace(weights, weights.read_bytes()[:-100])
    for file in emptied.iterdir():
        replace(file, b"")
    flip_a_bit(own_copy(flipped / "optimizer.safetensors"))
    (headless / "manifest.json").unlink()
    done = house.run("resume", house.flow_runs()[0].id, "--json")
    assert done.returncode == 0, done.stdout + done.stderr
    assert json.loads(done.stdout)["outputs"]["train.checkpoint"] == long_checkpoint
    state = house.state_of("train")
    steps = [int(folder.name.removeprefix("step-")) for folder in reversed(damaged)]
    assert [event.step for event in state.set_aside] == steps
    assert state.attempts[-1].from_step == int(sound.name.removeprefix("step-"))
    for step in steps:
        assert f"the state saved at step {step:,} is set aside" in done.stderr, done.stderr
    check_sound(house)


def own_copy(file: Path) -> Path:
    """The same bytes in a file of its own: a state shares its files with a checkpoint."""
    replace(file, file.read_bytes())
    return file


def replace(file: Path, data: bytes) -> None:
    file.unlink()
    file.write_bytes(data)
