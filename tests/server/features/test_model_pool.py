"""The pool with real processes and tiny models: at most three, the oldest idle one makes room, a memory limit."""

import contextlib
import shutil
import threading
from collections.abc import Iterator

import pytest

from glassworks.common.errors import LimitReached, NotFound, Unavailable
from glassworks.engine.serve_client import ServeClient
from glassworks.server.features.playground.pool import MAX_LOADED, PROCESS_BYTES, ModelPool
from tests.worker.attempts import until
from tests.worker.models import TinyModel, make_tiny_model

SIZE = 1000


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> TinyModel:
    return make_tiny_model(tmp_path_factory.mktemp("model"))


@pytest.fixture(scope="module")
def checkpoints(model: TinyModel, tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Five checkpoints that differ in their step."""
    found = []
    for step in range(5):
        folder = tmp_path_factory.mktemp("checkpoint") / "c"
        shutil.copytree(model.store.artifacts.path(model.checkpoint), folder)
        (folder / "manifest.json").unlink()
        about = folder / "checkpoint.json"
        about.write_text(about.read_text().replace("7", str(20 + step), 1))
        found.append(model.store.artifacts.publish_folder("checkpoint", folder, {}).id)
    return found


@pytest.fixture(scope="module")
def pool(model: TinyModel) -> Iterator[ModelPool]:
    """Shared: starting a process takes seconds, loading another model into it does not."""
    with ModelPool(model.store.root) as one:
        yield one


@pytest.fixture
def own_pool(model: TinyModel) -> Iterator[ModelPool]:
    with ModelPool(model.store.root) as one:
        yield one


def use(pool: ModelPool, model: TinyModel, checkpoint: str, group: str = "") -> ServeClient:
    with pool.lease(checkpoint, model.tokenizer, SIZE, group) as client:
        assert client.stats()["model"]["checkpoint"] == checkpoint
        return client


def test_a_loaded_model_is_used_again(
    pool: ModelPool, model: TinyModel, checkpoints: list[str]
) -> None:
    first = use(pool, model, checkpoints[0])
    assert use(pool, model, checkpoints[0]) is first
    assert checkpoints[0] in pool.loaded()


def test_the_oldest_idle_model_makes_room(
    pool: ModelPool, model: TinyModel, checkpoints: list[str]
) -> None:
    clients = [use(pool, model, one) for one in checkpoints[:3]]
    use(pool, model, checkpoints[0])  # now the second is the oldest
    assert use(pool, model, checkpoints[3]) is clients[1], "its process was not taken over"
    assert set(pool.loaded()) == {checkpoints[0], checkpoints[2], checkpoints[3]}


def test_more_than_three_at_once_are_refused(
    pool: ModelPool, model: TinyModel, checkpoints: list[str]
) -> None:
    with contextlib.ExitStack() as held:
        for one in checkpoints[:MAX_LOADED]:
            held.enter_context(pool.lease(one, model.tokenizer, SIZE))
        with (
            pytest.raises(LimitReached) as caught,
            pool.lease(checkpoints[3], model.tokenizer, SIZE),
        ):
            pass
        assert caught.value.code == "models-busy"
        with pool.lease(checkpoints[0], model.tokenizer, SIZE):  # what is loaded serves many
            pass
    use(pool, model, checkpoints[3])


def test_a_newer_checkpoint_of_a_run_takes_the_place_of_the_older(
    own_pool: ModelPool, model: TinyModel, checkpoints: list[str]
) -> None:
    first = use(own_pool, model, checkpoints[0], "run")
    other = use(own_pool, model, checkpoints[1])
    assert use(own_pool, model, checkpoints[2], "run") is first
    assert set(own_pool.loaded()) == {checkpoints[1], checkpoints[2]}
    with own_pool.lease(checkpoints[2], model.tokenizer, SIZE, "run") as busy:
        assert use(own_pool, model, checkpoints[3], "run") not in (busy, other)


def test_a_memory_limit(model: TinyModel, checkpoints: list[str]) -> None:
    limit = 2 * PROCESS_BYTES + 100_000
    with ModelPool(model.store.root, memory_bytes=limit) as pool:
        for one in checkpoints[:3]:
            use(pool, model, one)
        assert pool.loaded() == checkpoints[1:3]
        with (
            pytest.raises(Unavailable) as caught,
            pool.lease(checkpoints[3], model.tokenizer, limit),
        ):
            pass
        assert caught.value.code == "no-memory-for-model"


def test_who_is_idle_is_let_go(model: TinyModel, checkpoints: list[str]) -> None:
    with ModelPool(model.store.root, idle_s=0.3) as pool:
        with pool.lease(checkpoints[0], model.tokenizer, SIZE) as client:
            threading.Event().wait(1.0)
            assert client.stats()["model"]["step"] == 20  # in use, however long
        until(lambda: not pool.loaded())
        until(lambda: client.is_closed)


def test_a_model_that_cannot_be_loaded_leaves_nothing(pool: ModelPool, model: TinyModel) -> None:
    with pytest.raises(NotFound), pool.lease("0" * 64, model.tokenizer, SIZE):
        pass
    assert "0" * 64 not in [seat.checkpoint for seat in pool._seats]


def test_a_dead_process_is_replaced(
    pool: ModelPool, model: TinyModel, checkpoints: list[str]
) -> None:
    client = use(pool, model, checkpoints[0])
    assert client._process is not None
    client._process.kill()
    until(lambda: client.is_closed)
    assert use(pool, model, checkpoints[0]) is not client


def test_many_who_ask_at_once_share_one_loading(
    pool: ModelPool, model: TinyModel, checkpoints: list[str]
) -> None:
    found: list[ServeClient] = []

    def ask() -> None:
        found.append(use(pool, model, checkpoints[0]))

    threads = [threading.Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 6
    assert len(set(found)) == 1


def test_a_closed_pool_gives_nothing_more(model: TinyModel, checkpoints: list[str]) -> None:
    pool = ModelPool(model.store.root)
    client = use(pool, model, checkpoints[0])
    pool.close()
    assert client.is_closed
    with pytest.raises(Unavailable), pool.lease(checkpoints[0], model.tokenizer, SIZE):
        pass
