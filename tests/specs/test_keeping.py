"""Which checkpoints stay, worked out by hand; what they take of the disk is never more than was told."""

from hypothesis import given
from hypothesis import strategies as st

from glassworks.lm.estimate.disk import SavePolicy, SaveSize, disk_bytes, saved_steps
from glassworks.specs.keeping import KeepCheckpoints

STEPS = range(100, 1001, 100)
LOSSES = {200: 2.0, 300: 1.0, 500: 1.0, 1000: 3.0}


def test_without_a_policy_everything_stays() -> None:
    assert KeepCheckpoints().kept(STEPS, {}) == set(STEPS)


def test_the_wishes_add_up() -> None:
    assert KeepCheckpoints(newest=2).kept(STEPS, {}) == {900, 1000}
    assert KeepCheckpoints(newest=1, every=400).kept(STEPS, {}) == {400, 800, 1000}
    assert KeepCheckpoints(newest=1, best=2).kept(STEPS, LOSSES) == {300, 500, 1000}
    assert KeepCheckpoints(newest=1, best=1).kept(STEPS, LOSSES) == {300, 1000}, (
        "the earlier of equals"
    )


def test_what_was_not_measured_is_not_among_the_best() -> None:
    assert KeepCheckpoints(newest=1, best=9).kept(STEPS, {200: 5.0}) == {200, 1000}


def test_a_checkpoint_whose_state_a_resume_may_need_stays() -> None:
    assert KeepCheckpoints(newest=1).kept(STEPS, {}, num_states=3) == {800, 900, 1000}


def test_the_disk_by_hand() -> None:
    size = SaveSize(checkpoint=10, memory=3)
    policy = SavePolicy(checkpoint_every=100, keep_states=2)
    assert saved_steps(100, 250) == [100, 200, 250]
    assert disk_bytes(policy, 1000, size).total == 10 * 10 + 3 * 3, (
        "all checkpoints, two states and one in flight"
    )
    assert disk_bytes(policy.model_copy(update={"checkpoint_every": 0}), 1000, size).total == 13
    few = policy.model_copy(update={"keep_checkpoints": KeepCheckpoints(newest=2, best=1)})
    assert disk_bytes(few, 1000, size).total == 4 * 10 + 3 * 3
    assert disk_bytes(few, 10**6, size) == disk_bytes(few, 1000, size), "a longer run takes no more"


@given(
    st.integers(1, 30),
    st.integers(1, 100),
    st.integers(1, 3),
    st.integers(1, 4),
    st.integers(0, 40),
    st.integers(0, 3),
    st.randoms(use_true_random=False),
)
def test_a_run_never_holds_more_than_was_told(
    cadence: int, steps: int, states: int, newest: int, every: int, best: int, chance: object
) -> None:
    """Simulate the saves of a run, with losses as they come; at no moment is there more on the disk."""
    keep = KeepCheckpoints(newest=newest, every=every, best=best)
    policy = SavePolicy(checkpoint_every=cadence, keep_states=states, keep_checkpoints=keep)
    most = disk_bytes(policy, steps, SaveSize(checkpoint=10, memory=3)).total
    held: set[int] = set()
    losses: dict[int, float] = {}
    memories: list[int] = []
    for step in saved_steps(cadence, steps):
        losses[step] = chance.random()  # type: ignore[attr-defined]
        held.add(step)
        memories.append(step)
        assert len(held) * 10 + len(memories) * 3 <= most
        memories = memories[-states:]
        held = keep.kept(held, losses, states)
        assert step in held
        assert set(memories) <= held
