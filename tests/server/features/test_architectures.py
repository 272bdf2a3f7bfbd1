"""Architectures over HTTP: explained, estimated, chosen for a time, kept under a name."""

from typing import Any

from tests.server.house import House

TINY: dict[str, Any] = {"vocab_size": 512, "width": 64, "layers": 2, "attention": {"heads": 2}}


def post(house: House, what: str, **body: Any) -> dict[str, Any]:
    answer = house.api.post(f"/api/architectures/{what}", json=body)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_presets_come_smallest_first_and_complete(house: House) -> None:
    items = house.api.get("/api/architectures/presets").json()["items"]
    counts = [item["parameters"] for item in items]
    assert counts == sorted(counts)
    by_id = {item["id"]: item for item in items}
    assert by_id["llama-2-7b"]["parameters"] == 6_738_415_616
    assert by_id["tiny"]["document"]["attention"]["kind"] == "grouped"


def test_an_explanation_has_words_shapes_and_figures(house: House) -> None:
    found = post(house, "explain", document=TINY)
    assert found["problems"] == []
    assert found["document"]["context"] == 128, "defaults are filled in"
    attention = next(part for part in found["parts"] if part["role"] == "attention")
    assert (attention["id"], attention["repeats"]) == ("layers.0.attention", 2)
    assert attention["formula"]
    code = house.api.get("/api/architectures/code", params={"file": attention["file"]}).json()
    assert attention["words"][1:] in code["text"]


def test_a_question_may_leave_the_vocabulary_open(house: House) -> None:
    open_one = {**TINY, "vocab_size": None}
    assert post(house, "explain", document=open_one)["is_vocab_assumed"]
    given = post(house, "explain", document=open_one, vocab_size=300)
    assert (given["is_vocab_assumed"], given["vocab_size"]) == (False, 300)


def test_what_cannot_be_built_is_an_answer_with_what_to_change(house: House) -> None:
    found = post(house, "explain", document={**TINY, "attention": {"heads": 3}})
    assert found["problems"][0]["where"] == "attention.heads"
    assert found["problems"][0]["hint"]
    assert found["parts"] is None


def test_only_files_of_the_model_library_are_shown(house: House) -> None:
    for file in (
        "cli/main.py",
        "lm/model/../../cli/main.py",
        "/etc/passwd",
        "lm/model",
        "lm/model/presets/tiny.yaml",
        "lm/model/nothing.py",
    ):
        answer = house.api.get("/api/architectures/code", params={"file": file})
        assert answer.status_code == 404, file


def test_an_estimate_says_where_it_fits_and_the_nearest_that_does(house: House) -> None:
    found = post(house, "estimate", document=TINY, training={"steps": 50, "batch_size": 4})
    assert found["training"]["num_tokens"] == 50 * 4 * 128
    assert found["training"]["time_s"] is None, "nothing was ever trained here"
    assert found["training"]["least_time_s"] > 0
    assert all(device["fits_training"] for device in found["devices"])
    large = post(house, "estimate", document={**TINY, "width": 4096, "layers": 32})
    (here,) = [device for device in large["devices"] if device["is_here"]]
    assert not here["fits_training"]
    assert here["why"]
    nearest = here["nearest"]
    assert nearest["training.accumulation"] == 32, "one sequence at a time"
    assert nearest.get("layers", 32) < 32 or nearest.get("width", 4096) < 4096


def test_a_model_for_ten_minutes(house: House) -> None:
    found = post(house, "plan", minutes=10)
    assert 500 < found["time_s"] <= 600
    assert found["is_speed_assumed"]
    assert found["promised"] is None, "nothing was ever trained here"
    assert found["rule"]
    assert {"name", "sentence", "source"} == set(found["rules"][0])
    both = house.api.post("/api/architectures/plan", json={"minutes": 1, "depth": 2})
    assert both.status_code == 422


def test_an_architecture_is_kept_in_versions(own_house: House) -> None:
    with own_house as house:
        first = house.api.post("/api/architectures", json={"name": "mine", "document": TINY})
        assert first.status_code == 201, first.text
        etag = first.json()["etag"]
        deeper = {"name": "mine", "document": {**TINY, "layers": 3}, "note": "one more"}
        headers = {"If-Match": f'"{etag}"', "Idempotency-Key": "k1"}
        second = house.api.post("/api/architectures", json=deeper, headers=headers)
        assert [v["version"] for v in second.json()["versions"]] == [2, 1]
        again = house.api.post("/api/architectures", json=deeper, headers=headers)
        assert again.json() == second.json(), "the same key saves once"
        stale = {"If-Match": f'"{etag}"'}
        late = house.api.post("/api/architectures", json=deeper, headers=stale)
        assert (late.status_code, late.json()["code"]) == (412, "changed-meanwhile")

        diff = house.api.get("/api/architectures/mine/diff", params={"from": 1, "to": 2}).json()
        assert diff["changes"] == [{"path": "layers", "before": 2, "after": 3}]
        assert diff["parameters"]["after"] - diff["parameters"]["before"] == 12 * 64 * 64
        text = house.api.get("/api/architectures/mine/versions/1/export").text
        read = post(house, "import", text=text)
        kept = house.api.get("/api/architectures/mine/versions/1").json()
        assert read["document"] == kept["document"]
        hub = house.api.get("/api/architectures/mine/versions/2/export?format=hub")
        assert '"model_type": "apertus"' in hub.text

        (row,) = house.api.get("/api/architectures").json()["items"]
        assert (row["name"], row["version"], row["num_versions"]) == ("mine", 2, 2)
        items = house.api.get("/api/items?kind=architecture").json()["items"]
        assert items[0]["name"] == "mine", "the index knows it at once"


def test_what_cannot_be_built_or_named_is_not_kept(house: House) -> None:
    wrong = {"name": "mine", "document": {**TINY, "attention": {"heads": 3}}}
    answer = house.api.post("/api/architectures", json=wrong)
    assert (answer.status_code, answer.json()["code"]) == (422, "impossible-architecture")
    named = house.api.post("/api/architectures", json={"name": "presets", "document": TINY})
    assert (named.status_code, named.json()["code"]) == (422, "bad-name")
    assert house.api.get("/api/architectures/mine").status_code == 404


def test_a_run_that_is_not_there_has_no_architecture(house: House) -> None:
    answer = house.api.get("/api/architectures/of-run/r2ab3cd4ef")
    assert (answer.status_code, answer.json()["code"]) == (404, "run-not-found")
