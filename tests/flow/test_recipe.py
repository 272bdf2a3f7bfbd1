"""Reading recipes and applying `--set`: every wrong thing has its message and its hint."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from glassworks.common.errors import GlassworksError, InvalidSpec, NotFound
from glassworks.flow.recipe import apply_settings, load_recipe, parse_recipe, recipe_names
from glassworks.specs.flow import InlineDocument, RecipeSpec
from tests.flow.stages import recipe, recipe_document
from tests.processes import run_python


def error_of(text: str) -> InvalidSpec:
    with pytest.raises(InvalidSpec) as caught:
        parse_recipe(text, "r.yaml")
    return caught.value


def test_a_recipe_is_read_from_a_file(tmp_path: Path) -> None:
    (path := tmp_path / "r.yaml").write_text(yaml.safe_dump(recipe_document()))
    assert load_recipe(str(path)) == recipe()


def test_every_recipe_of_the_package_is_readable_and_called_as_its_file() -> None:
    for name in recipe_names():
        assert load_recipe(name).name == name


@pytest.mark.parametrize("name", ["nothing-like-that", "no/such/file.yaml", "", "."])
def test_an_unknown_recipe_is_told_with_those_there_are(name: str) -> None:
    with pytest.raises(NotFound) as caught:
        load_recipe(name)
    assert caught.value.code == "recipe-not-found"
    assert caught.value.message == f"There is no recipe or file {name!r}."
    assert "`glassworks ls recipes`" in caught.value.hint


@pytest.mark.parametrize("name", ["x" * 5000, "a\0b"])
def test_an_impossible_file_name_is_told(name: str) -> None:
    with pytest.raises(GlassworksError) as caught:
        load_recipe(name)
    assert caught.value.code == "recipe-unreadable"


def test_bytes_that_are_no_text_are_told(tmp_path: Path) -> None:
    (path := tmp_path / "r.yaml").write_bytes(b"name: \xff\xfe")
    with pytest.raises(InvalidSpec) as caught:
        load_recipe(str(path))
    assert caught.value.code == "recipe-unreadable"
    assert caught.value.message == f"The recipe {path} cannot be read: it is not UTF-8 text."


def test_a_closed_folder_is_told(tmp_path: Path) -> None:
    """As root, a user without rights reads it: root may read everything."""
    (folder := tmp_path / "closed").mkdir()
    (folder / "r.yaml").write_text("name: x")
    folder.chmod(0o000)
    said = run_python(
        """
        import os, sys
        from glassworks.common.errors import InvalidSpec
        from glassworks.flow.recipe import load_recipe
        if os.geteuid() == 0:
            os.setgroups([])
            os.setuid(65534)
        try:
            load_recipe(sys.argv[1])
        except InvalidSpec as error:
            print(error.code, error.message)
        """,
        folder / "r.yaml",
    )
    assert said.startswith("recipe-unreadable ")
    assert said.endswith("cannot be read: Permission denied.")


def test_what_is_no_yaml_is_told_with_its_line() -> None:
    error = error_of("name: a\nnodes: [\n")
    assert (error.code, error.where) == ("recipe-not-yaml", "r.yaml:3")
    assert error.message.startswith("r.yaml is not YAML: ")


@pytest.mark.parametrize("text", ["", "just words", "- a\n- b", "5"])
def test_yaml_that_is_no_recipe_is_told(text: str) -> None:
    error = error_of(text)
    assert error.code == "invalid-recipe"
    assert error.message == "r.yaml is not a recipe: it has no fields."


def test_code_in_yaml_is_never_run() -> None:
    assert error_of("name: !!python/object/apply:os.getcwd []").code == "recipe-not-yaml"


@pytest.mark.parametrize("found", [2, "2", 99])
def test_a_newer_format_is_told_before_its_unknown_fields(found: object) -> None:
    error = error_of(yaml.safe_dump({"format": found, "stars": 5}))
    assert error.code == "recipe-format"
    assert error.message == f"r.yaml has recipe format {found}; this version reads up to 1."


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"titel": "x"}, "recipe: titel: there is no such field"),
        ({"nodes": {}}, "recipe: nodes: "),
        ({"data": {"config": {}}}, "recipe: nodes.data.stage: it is missing"),
        ({"output": None}, "recipe: output: "),
        ({"format": "new"}, "recipe: format: "),
    ],
)
def test_a_wrong_field_is_named(changes: dict[str, Any], words: str) -> None:
    error = error_of(yaml.safe_dump(recipe_document(**changes)))
    assert error.code == "invalid-config"
    assert error.message.startswith(words)
    assert error.where == "r.yaml"


# --- settings ----------------------------------------------------------------------------------------------------


def config(spec: RecipeSpec, node: str = "learn") -> dict[str, Any]:
    return spec.nodes[node].config


@pytest.mark.parametrize(
    ("setting", "expected"),
    [
        ("steps=400", {"steps": 400, "seed": 1}),
        ("learn.steps=400", {"steps": 400, "seed": 1}),
        (" learn.steps = 400 ", {"steps": 400, "seed": 1}),
        ("learn.rate=1.5e-3", {"steps": 10, "seed": 1, "rate": 0.0015}),
        ("learn.optimizer.kind=muon", {"steps": 10, "seed": 1, "optimizer": {"kind": "muon"}}),
        ("learn.prompt=a=b", {"steps": 10, "seed": 1, "prompt": "a=b"}),
        ("learn.prompt=", {"steps": 10, "seed": 1, "prompt": ""}),
        ("learn.prompts=[To be, Or]", {"steps": 10, "seed": 1, "prompts": ["To be", "Or"]}),
        ("learn.seed=null", {"steps": 10, "seed": None}),
    ],
)
def test_a_setting_changes_one_field(setting: str, expected: dict[str, Any]) -> None:
    before = recipe()
    changed = apply_settings(before, [setting])
    assert config(changed) == expected
    assert before == recipe()
    others = ("data", "split", "cut")
    assert [changed.nodes[n] for n in others] == [before.nodes[n] for n in others]


def test_a_nested_field_keeps_its_neighbors() -> None:
    changed = apply_settings(recipe(), ["data.source.path=b"])
    assert config(changed, "data") == {"source": {"kind": "text_file", "path": "b"}}


def test_another_kind_takes_the_place_of_the_whole_component() -> None:
    settings = ["data.source.endings=[.md]", "data.source.kind=files"]
    changed = apply_settings(recipe(), settings)
    assert config(changed, "data") == {"source": {"kind": "files", "endings": [".md"]}}
    same = apply_settings(recipe(), ["data.source.kind=text_file"])
    assert config(same, "data") == config(recipe(), "data")


def test_a_field_of_an_inline_document_is_set_there() -> None:
    settings = ["learn.architecture.width=16", "learn.architecture.attention.heads=4"]
    changed = apply_settings(recipe(), settings)
    document = changed.nodes["learn"].inputs["architecture"]
    assert document == InlineDocument(inline={"width": 16, "attention": {"heads": 4}})
    assert config(changed) == config(recipe())


def test_later_settings_win() -> None:
    assert config(apply_settings(recipe(), ["steps=20", "learn.steps=30"]))["steps"] == 30


def test_relative_settings_stand_on_what_is_there() -> None:
    grown = apply_settings(recipe(), ["steps=+500"], is_relative=True)
    assert config(grown)["steps"] == 510
    assert config(apply_settings(recipe(), ["steps=500"], is_relative=True))["steps"] == 500


@pytest.mark.parametrize(
    ("setting", "is_relative", "code", "message"),
    [
        ("steps", False, "bad-setting", "'steps' sets nothing."),
        ("=5", False, "bad-setting", "'=5' sets nothing."),
        ("stpes=5", False, "unknown-setting", "'stpes' names no setting of 'small'."),
        ("train.steps=5", False, "unknown-setting", "'train.steps' names no setting of 'small'."),
        ("learn=5", False, "unknown-setting", "'learn' names no setting of 'small'."),
        ("learn.seed.x=5", False, "unknown-setting", "'learn.seed.x' goes below a single value."),
        ("steps=[1", False, "bad-setting", "The value of steps cannot be read: '[1'."),
        (
            "steps=+5",
            False,
            "bad-setting",
            "steps=+5 adds to a number, and here there is nothing to add to.",
        ),
        (
            "learn.rate=+5",
            True,
            "bad-setting",
            "learn.rate=+5 adds to a number, and here there is nothing to add to.",
        ),
    ],
)
def test_a_wrong_setting_is_told(setting: str, is_relative: bool, code: str, message: str) -> None:
    with pytest.raises(InvalidSpec) as caught:
        apply_settings(recipe(), [setting], is_relative)
    assert (caught.value.code, caught.value.message) == (code, message)


def test_the_hint_lists_settings_and_nodes() -> None:
    with pytest.raises(InvalidSpec) as caught:
        apply_settings(recipe(), ["stpes=5"])
    assert caught.value.hint == "Settings: steps. Nodes: data, split, cut, learn."
