"""A viewer's queue is bounded: who does not keep up is closed and told so, and costs nobody else."""

import asyncio

from glassworks.server.live.viewer import MAX_BYTES, MAX_FRAMES, SLOW, Viewer


def test_frames_come_in_order_and_the_end_is_told() -> None:
    async def story() -> list[str | None]:
        viewer = Viewer()
        viewer.offer("a")
        viewer.offer("b")
        taken = [await viewer.take(), await viewer.take()]
        viewer.close(1000)
        return [*taken, await viewer.take()]

    assert asyncio.run(story()) == ["a", "b", None]


def test_a_slow_viewer_is_closed_and_holds_nothing() -> None:
    async def story() -> Viewer:
        viewer = Viewer()
        for _ in range(MAX_FRAMES + 1):
            viewer.offer("x")
        return viewer

    viewer = asyncio.run(story())
    assert (viewer.close_code, len(viewer._frames)) == (SLOW, 0)


def test_bytes_are_bounded_too_but_one_frame_always_passes() -> None:
    async def story() -> tuple[int | None, int | None]:
        viewer = Viewer()
        viewer.offer("x" * (MAX_BYTES + 1))
        first = viewer.close_code
        viewer.offer("y")
        return first, viewer.close_code

    assert asyncio.run(story()) == (None, SLOW)


def test_a_waiting_viewer_wakes() -> None:
    async def story() -> str | None:
        viewer = Viewer()
        waiting = asyncio.create_task(viewer.take())
        await asyncio.sleep(0)
        viewer.offer("late")
        return await waiting

    assert asyncio.run(story()) == "late"


def test_who_sends_a_long_past_waits_for_room() -> None:
    async def story() -> list[bool]:
        viewer = Viewer()
        for _ in range(6):
            viewer.offer("x" * (MAX_BYTES // 8))
        waiting = asyncio.create_task(viewer.room())
        await asyncio.sleep(0)
        found = [waiting.done()]
        for _ in range(2):
            await viewer.take()
            await asyncio.sleep(0)
        await asyncio.sleep(0)
        return [*found, waiting.done()]

    assert asyncio.run(story()) == [False, True]


def test_waiting_for_room_ends_with_the_viewer() -> None:
    async def story() -> None:
        viewer = Viewer()
        viewer.offer("x" * MAX_BYTES)
        waiting = asyncio.create_task(viewer.room())
        await asyncio.sleep(0)
        viewer.close(SLOW)
        await asyncio.wait_for(waiting, 1)

    asyncio.run(story())
