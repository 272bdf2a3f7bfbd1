"""Recipes: their settings with value and schema, and what they will need."""

from tests.server.house import House


def test_the_recipes_of_the_package(house: House) -> None:
    rows = {row["name"]: row for row in house.api.get("/api/recipes").json()["items"]}
    assert rows["first-model"]["nodes"][0] == "data"
    assert "steps" in rows["first-model"]["settings"]


def test_a_recipe_in_full(house: House) -> None:
    detail = house.api.get("/api/recipes/first-model").json()
    settings = {setting["name"]: setting for setting in detail["settings"]}
    assert settings["steps"]["field"] == "train.steps"
    assert settings["steps"]["default"] == detail["recipe"]["nodes"]["train"]["config"]["steps"]
    assert settings["steps"]["schema"]["type"] == "integer"
    assert settings["width"]["schema"]["maximum"] == 65_536


def test_no_file_of_this_machine_is_a_recipe(house: House) -> None:
    for name in ("%2Fetc%2Fpasswd", "..%2Fcatalog.json", "nobody"):
        answer = house.api.get(f"/api/recipes/{name}")
        assert answer.status_code == 404
        assert "root:" not in answer.text


def test_an_estimate_follows_the_settings(house: House) -> None:
    def steps(*settings: str) -> float:
        answer = house.api.post(
            "/api/recipes/first-model/estimate", json={"settings": list(settings)}
        )
        assert answer.status_code == 200, answer.text
        found: float = answer.json()["nodes"]["train"]["steps"]
        return found

    assert steps("steps=400") == 400
    found = house.api.post("/api/recipes/first-model/estimate", json={}).json()["nodes"]["train"]
    assert found["memory_bytes"]["total"] > found["memory_bytes"]["activations"] > 0
    assert found["disk_bytes"]["checkpoints"] > 0
    assert found["first_loss"] > 7
    assert found["predicted_final_loss"] is None
    assert found["predicted_final_loss_reason"]
    assert found["shortages"] == []
    wrong = house.api.post("/api/recipes/first-model/estimate", json={"settings": ["soup=1"]})
    assert (wrong.status_code, wrong.json()["code"]) == (422, "unknown-setting")


def test_the_catalogue_holds_stages_metrics_and_documents(house: House) -> None:
    catalog = house.api.get("/api/catalog").json()
    assert catalog["metrics"]["loss"]["label"]
    assert catalog["stages"]["train_model"]["config_schema"]["properties"]["steps"]
    assert catalog["documents"]["architecture"]["properties"]["width"]


def test_a_written_recipe_and_a_time_have_a_card_too(house: House) -> None:
    recipe = house.api.get("/api/recipes/first-model").json()["recipe"]
    asked = {"document": recipe, "settings": ["batch_size=4"], "minutes": 10}
    unknown = house.api.post("/api/recipes/estimate", json=asked)
    assert unknown.json()["code"] == "unknown-setting"
    answer = house.api.post("/api/recipes/estimate", json={"document": recipe, "minutes": 10})
    assert answer.status_code == 200, answer.text
    found = answer.json()
    assert found["nodes"]["train"]["parameters"] == found["plan"]["parameters"]
    assert found["plan"]["rule"]
    large = {"document": recipe, "settings": ["train.architecture.width=8192"]}
    card = house.api.post("/api/recipes/estimate", json=large).json()["nodes"]["train"]
    (short,) = (
        one for one in card["shortages"] if one["what"] == "memory"
    )  # the disk may be small, too
    assert short["hint"]
