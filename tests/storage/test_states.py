"""States: written whole or not at all, damage told in words, the damaged put aside."""

from collections.abc import Callable
from pathlib import Path

import pytest

from glassworks.common.errors import DiskFull
from glassworks.specs.artifact import MANIFEST
from glassworks.storage import states
from tests.processes import kill_again_and_again, kill_at_every_call, run_python

WEIGHTS = bytes(range(256)) * 100


def fill(folder: Path) -> None:
    (folder / "model.safetensors").write_bytes(WEIGHTS)
    (folder / "sub").mkdir()
    (folder / "sub" / "state.json").write_text("{}")


def save(state_dir: Path, step: int) -> Path:
    states.write_state(state_dir, step, fill, lambda _: None)
    return state_dir / f"step-{step}"


def test_a_state_is_sound_and_knows_its_artifact(tmp_path: Path) -> None:
    manifest = states.write_state(tmp_path, 7, fill, lambda folder: folder.name)
    assert (manifest.step, manifest.artifact) == (7, ".step-7.tmp")
    assert [file.path for file in manifest.files] == ["model.safetensors", "sub/state.json"]
    assert states.damage(tmp_path / "step-7") == ""
    assert states.read_state_manifest(tmp_path / "step-7") == manifest
    assert [path.name for path in tmp_path.iterdir()] == ["step-7"]


def test_the_files_are_complete_when_the_checkpoint_is_published(tmp_path: Path) -> None:
    seen: list[list[str]] = []
    states.write_state(
        tmp_path, 1, fill, lambda folder: seen.append(sorted(p.name for p in folder.iterdir()))
    )
    assert seen == [["model.safetensors", "sub"]]


def truncate(folder: Path) -> None:
    (folder / "model.safetensors").write_bytes(WEIGHTS[:-1])


def empty(folder: Path) -> None:
    (folder / "model.safetensors").write_bytes(b"")


def flip_bit(folder: Path) -> None:
    (folder / "model.safetensors").write_bytes(WEIGHTS[:-1] + bytes([WEIGHTS[-1] ^ 128]))


def take_away(folder: Path) -> None:
    (folder / "sub" / "state.json").unlink()


def lose_manifest(folder: Path) -> None:
    (folder / MANIFEST).unlink()


def empty_manifest(folder: Path) -> None:
    (folder / MANIFEST).write_bytes(b"")


DAMAGES: list[tuple[Callable[[Path], None], str]] = [
    (truncate, "model.safetensors has 25599 bytes instead of 25600"),
    (empty, "model.safetensors has 0 bytes instead of 25600"),
    (flip_bit, "model.safetensors has other bytes than when it was made"),
    (take_away, "sub/state.json is missing"),
    (lose_manifest, "its manifest is missing"),
    (empty_manifest, "its manifest cannot be read"),
]


@pytest.mark.parametrize(("damage", "words"), DAMAGES)
def test_damage_is_told(tmp_path: Path, damage: Callable[[Path], None], words: str) -> None:
    folder = save(tmp_path, 5)
    damage(folder)
    assert states.damage(folder) == words


def test_what_is_put_aside_is_no_state_any_more(tmp_path: Path) -> None:
    for step in (5, 10):
        save(tmp_path, step)
    assert states.set_aside(tmp_path / "step-10").name == "step-10.damaged"
    assert states.steps(tmp_path) == [5]
    save(tmp_path, 10)
    states.set_aside(tmp_path / "step-10")
    assert states.steps(tmp_path) == [5]


@pytest.mark.parametrize(
    ("keep", "left"), [(2, [20, 100]), (1, [100]), (0, [100]), (9, [3, 20, 100])]
)
def test_older_states_are_pruned_by_number_not_by_letter(
    tmp_path: Path, keep: int, left: list[int]
) -> None:
    for step in (100, 20, 3):
        save(tmp_path, step)
    states.prune_states(tmp_path, keep)
    assert states.steps(tmp_path) == left
    assert list(states.leftovers(tmp_path)) == []


def test_a_save_that_fails_leaves_the_states_before_it(tmp_path: Path) -> None:
    save(tmp_path, 1)

    def fail(folder: Path) -> None:
        fill(folder)
        raise OSError(28, "No space left on device")

    for step in (1, 2):
        with pytest.raises(DiskFull):
            states.write_state(tmp_path, step, fail, lambda _: None)
    assert states.damage(tmp_path / "step-1") == ""
    assert [path.name for path in tmp_path.iterdir()] == ["step-1"]


def test_a_save_again_replaces_the_state(tmp_path: Path) -> None:
    truncate(save(tmp_path, 1))
    assert states.damage(save(tmp_path, 1)) == ""
    assert [path.name for path in tmp_path.iterdir()] == ["step-1"]


def test_a_file_too_large_is_told_and_the_state_before_stays(tmp_path: Path) -> None:
    said = run_python(
        """
        import resource, signal, sys
        from pathlib import Path
        from glassworks.common.errors import DiskFull
        from glassworks.storage.states import write_state
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, resource.RLIM_INFINITY))
        for step, size in ((1, 90_000), (2, 110_000)):
            write = lambda folder: (folder / "weights").write_bytes(bytes(size))
            try:
                write_state(Path(sys.argv[1]), step, write, lambda folder: None)
                print("saved")
            except DiskFull as error:
                print(error.code)
        """,
        tmp_path,
    )
    assert said.split() == ["saved", "disk-full"]
    assert states.damage(tmp_path / "step-1") == ""
    assert [path.name for path in tmp_path.iterdir()] == ["step-1"]


SAVE_FOREVER = """
    import itertools, sys
    from pathlib import Path
    from glassworks.storage import states
    state_dir = Path(sys.argv[2])

    def write(folder):
        for name in ("a", "b", "c"):
            (folder / name).write_bytes(name.encode() * 100_000)

    def work(kill):
        for number in itertools.count(kill * 10_000 + 1):
            states.write_state(state_dir, number, write, lambda folder: None)
            states.write_state(state_dir, number, write, lambda folder: None)
            states.prune_states(state_dir, 2)

    def check():
        found = {step: states.damage(state_dir / f"step-{step}") for step in states.steps(state_dir)}
        assert found and not any(found.values()), found
"""


def test_a_kill_at_any_moment_leaves_sound_states_only(tmp_path: Path) -> None:
    save(tmp_path, 0)
    kill_again_and_again(SAVE_FOREVER, 12, tmp_path)
    strangers = {path for path in tmp_path.iterdir() if not path.name.startswith("step-")}
    assert strangers == set(states.leftovers(tmp_path))


def test_saving_and_pruning_may_be_killed_at_any_call(tmp_path: Path) -> None:
    """Whatever lies there as a state is sound, and there is always one."""
    kill_at_every_call(
        """
        import sys
        from pathlib import Path
        from glassworks.storage import states
        state_dir = Path(sys.argv[1])

        def write(folder):
            (folder / "a").write_text("a")

        def prepare():
            for step in {1, 2}.difference(states.steps(state_dir)):
                states.write_state(state_dir, step, write, lambda folder: None)

        def work():
            states.write_state(state_dir, 2, write, lambda folder: None)
            states.prune_states(state_dir, 1)

        def check():
            steps = states.steps(state_dir)
            assert steps
            for step in steps:
                problem = states.damage(state_dir / f"step-{step}")
                assert not problem, (step, problem)
        """,
        tmp_path,
    )
    assert states.steps(tmp_path) == [2]
