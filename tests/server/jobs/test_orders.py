"""What people order: waiting, pausing, cancelling, resuming, deleting, renaming, proving. Each illegal move is refused."""

import json
from pathlib import Path

from tests.processes import until
from tests.server.house import House
from tests.server.http.test_sockets import follow
from tests.server.jobs.counting import look, order, rows, until_status, until_step


def test_a_run_is_done_and_indexed(own_house: House) -> None:
    with own_house as house:
        run = order(house)
        until_status(house, run, "done")
        assert rows(house, run) == list(range(1, 21))
        until(lambda: house.api.get("/api/runs", params={"status": "done"}).json()["total"] == 1)
        until(lambda: house.api.get("/api/items").json()["total"] == 1)
        until(lambda: house.api.get("/api/notices").json()["items"][0]["kind"] == "done")


def test_runs_wait_for_their_turn_and_a_waiting_one_can_be_cancelled(
    own_house: House, gate: Path
) -> None:
    with own_house as house:
        first = order(house, gate)
        until_step(house, first, 12)
        second = order(house, name="second", steps=7)
        third = order(house, name="third", steps=8)
        assert look(house, third)["run"]["queue_position"] == 1
        assert house.api.post(f"/api/runs/{second}/cancel").status_code == 202
        until_status(house, second, "stopped")
        assert look(house, third)["run"]["queue_position"] == 0
        gate.touch()
        until_status(house, third, "done")
        assert look(house, first)["run"]["status"] == "done"
        assert look(house, second)["run"]["status"] == "stopped"


def test_what_handles_text_does_not_wait_for_a_training(own_house: House, gate: Path) -> None:
    with own_house as house:
        long = order(house, gate, stage="count_with_model")
        until_step(house, long, 12)
        behind = order(house, name="behind", steps=7, stage="count_with_model")
        short = order(house, name="short", steps=8)
        until_status(house, short, "done")
        assert look(house, long)["run"]["status"] == "running"
        assert look(house, behind)["run"]["queue_position"] == 0
        assert house.api.post(f"/api/runs/{long}/cancel").status_code == 202
        until_status(house, behind, "done")
        assert look(house, long)["run"]["status"] == "stopped"


def test_both_lanes_are_adopted_after_a_restart(own_house: House, gate: Path) -> None:
    with own_house as house:
        runs = [order(house, gate, stage=stage) for stage in ("count_with_model", "count")]
        for run in runs:
            until_step(house, run, 12)
    gate.touch()
    with own_house as house:
        for run in runs:
            until_status(house, run, "done")
            assert rows(house, run) == list(range(1, 21))


def test_a_paused_run_goes_on_from_where_it_was(own_house: House, gate: Path) -> None:
    with own_house as house:
        run = order(house, gate)
        until_step(house, run, 12)
        assert house.api.post(f"/api/runs/{run}/pause").status_code == 202
        until_status(house, run, "stopped")
        gate.touch()
        assert house.api.post(f"/api/runs/{run}/resume").status_code == 202
        until_status(house, run, "done")
        attempts = look(house, run)["nodes"][0]["state"]["attempts"]
        assert [attempt["from_step"] for attempt in attempts] == [0, 12]
        assert rows(house, run) == list(range(1, 21))


def test_a_run_that_still_runs_is_branched_off(own_house: House, gate: Path) -> None:
    with own_house as house:
        run = order(house, gate)
        until_step(house, run, 12)
        assert "branch" in look(house, run)["actions"]
        wish = {"step": "10", "settings": ["count.steps=15"], "name": "other"}
        answer = house.api.post(f"/api/runs/{run}/branch", json=wish)
        assert answer.status_code == 201, answer.text
        branch = answer.json()["run"]
        assert (branch["name"], branch["continues"], branch["continues_at"]) == ("other", run, 10)
        nowhere = house.api.post(f"/api/runs/{run}/branch", json={"step": "7"})
        assert (nowhere.status_code, nowhere.json()["code"]) == (404, "no-checkpoint")
        gate.touch()
        until_status(house, branch["id"], "done")
        assert rows(house, branch["id"]) == list(range(11, 16))
        assert rows(house, run) == list(range(1, 21))


def test_a_move_that_makes_no_sense_is_refused(own_house: House, gate: Path) -> None:
    with own_house as house:
        run = order(house, gate)
        until_step(house, run, 12)
        moves = {"resume": 409, "cancel": 202}
        for move, status in moves.items():
            assert house.api.post(f"/api/runs/{run}/{move}").status_code == status, move
        until_status(house, run, "stopped")
        for move in ("pause", "cancel", "prove"):
            answer = house.api.post(f"/api/runs/{run}/{move}")
            assert (answer.status_code, answer.json()["code"]) == (409, "not-running"), move


def test_only_what_may_pass_at_another_try_is_offered_to_go_on(own_house: House) -> None:
    """A training that diverged does so again with the same settings; a file that was bad may be another by now."""
    with own_house as house:
        for error, is_offered in (("BadData", True), ("Diverged", False)):
            run = order(house, fail_at=7, fails_as=error, name=error.lower())
            until_status(house, run, "failed")
            actions = look(house, run)["actions"]
            assert ("resume" in actions) == is_offered, error
            assert "clone" in actions


def test_a_run_is_renamed_and_deleted_but_not_while_it_runs(own_house: House, gate: Path) -> None:
    with own_house as house:
        run = order(house, gate)
        until_step(house, run, 12)
        assert house.api.delete(f"/api/runs/{run}").status_code == 409
        etag = look(house, run)["run"]["etag"]
        renamed = house.api.patch(
            f"/api/runs/{run}", json={"name": "mine"}, headers={"If-Match": f'"{etag}"'}
        )
        assert (renamed.status_code, renamed.json()["name"]) == (200, "mine")
        stale = house.api.patch(
            f"/api/runs/{run}", json={"name": "other"}, headers={"If-Match": f'"{etag}"'}
        )
        assert stale.status_code == 412
        gate.touch()
        until_status(house, run, "done")
        assert house.api.delete(f"/api/runs/{run}").status_code == 204
        assert house.api.get(f"/api/runs/{run}").status_code == 404
        assert house.api.get("/api/runs").json()["total"] == 0
        assert list((house.home / "store" / "runs").glob("r*")) == []


def test_a_deleted_run_leaves_the_list_of_its_project(own_house: House) -> None:
    with own_house as house:
        assert house.api.post("/api/projects", json={"name": "beside"}).status_code == 201
        run = order(house, project="beside")
        until_status(house, run, "done")
    with own_house as house:  # started again, the ended run is followed by nobody
        bearer = {"Authorization": f"Bearer {house.token}"}
        with follow(house, None, **bearer) as stream:
            stream.send('{"type": "subscribe", "topic": "runs:beside"}')
            frames = [json.loads(stream.recv(10)) for _ in ("hello", "runs")]
            assert house.api.delete(f"/api/runs/{run}").status_code == 204
            while frames[-1]["type"] != "gone":
                frames.append(json.loads(stream.recv(10)))
        assert frames[-1]["id"] == run


def test_the_proof_kills_resumes_and_finds_no_difference(own_house: House, gate: Path) -> None:
    with own_house as house:
        run = order(house, gate, hold_at=13)
        until_step(house, run, 13)
        assert house.api.post(f"/api/runs/{run}/prove").status_code == 202
        until(lambda: len(look(house, run)["nodes"][0]["state"]["attempts"]) == 2)
        gate.touch()
        until_status(house, run, "done")
        (proof,) = house.api.get(f"/api/runs/{run}/proof").json()
        assert (proof["from_step"], proof["last_step"]) == (10, 13)
        assert (proof["num_compared"], proof["largest_difference"]) == (3, 0.0)
        outcomes = [one["outcome"] for one in look(house, run)["nodes"][0]["state"]["attempts"]]
        assert outcomes == ["killed", "done"]


def test_of_a_long_log_only_what_is_asked_for_is_told(own_house: House) -> None:
    with own_house as house:
        run = order(house, steps=20)
        until_status(house, run, "done")
        records = f"/api/runs/{look(house, run)['nodes'][0]['run']}"
        whole = house.api.get(f"{records}/events").json()["events"]
        chosen = "last=3&without=run.progress&without=run.created"
        newest = house.api.get(f"{records}/events?{chosen}").json()["events"]
        told = [event for event in whole if event["type"] not in ("run.progress", "run.created")]
        assert (newest, len(newest)) == (told[-3:], 3)
        for query, steps in (("step=20&step=1&step=99", [1, 20]), ("from_step=19", [19, 20])):
            view = house.api.get(f"{records}/metrics?{query}").json()
            assert (view["series"]["loss"]["steps"], view["num_rows"]) == (steps, 2)
