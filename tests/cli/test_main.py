"""Finding commands, help without imports, and errors in two lines."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from glassworks import __version__
from glassworks.cli import main
from glassworks.cli.main import COMMANDS, command_name, load_command, purpose
from tests.cli.terminal import Terminal

FILES = sorted(file for file in COMMANDS.glob("*.py") if not file.name.startswith("_"))
HEAVY = ("torch", "pyarrow", "glassworks.specs", "numpy", "tokenizers", "yaml", "glassworks.api")


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GLASSWORKS_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("GLASSWORKS_STORE", raising=False)
    monkeypatch.delenv("GLASSWORKS_DEBUG", raising=False)
    return tmp_path / "home"


def test_the_overview_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert main.run(["--help"]) == 0
    shown = capsys.readouterr().out
    for file in FILES:
        assert f"  {command_name(file)} " in shown
        assert purpose(file) in shown
    assert {"run", "resume", "continue", "watch", "ls", "show", "generate"} <= set(
        map(command_name, FILES)
    )


@pytest.mark.parametrize("file", FILES, ids=command_name)
def test_every_command_explains_itself_with_real_examples(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    name = command_name(file)
    assert main.run([*name.split(), "--help"]) == 0
    shown = capsys.readouterr().out
    assert f"    glassworks {name}" in shown
    assert "--json" in shown
    assert purpose(file).endswith(".")
    assert load_command(file).name == name.split()[-1]


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["run", "--help"], []])
def test_help_imports_nothing_heavy(arguments: list[str]) -> None:
    program = (
        "import sys; from glassworks.cli.main import run; code = run(sys.argv[1:])\n"
        f"print([m for m in {HEAVY!r} if m in sys.modules], file=sys.stderr); sys.exit(code)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr.strip() == "[]"


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert main.run(["--version"]) == 0
    assert capsys.readouterr().out == f"glassworks {__version__}\n"


@pytest.mark.parametrize(
    "arguments",
    [["fly"], ["run"], ["run", "--wrong"], ["ls", "birds"], ["generate", "x", "--seed", "a"]],
)
def test_a_wrong_command_line_is_two_lines_and_exit_2(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main.run(arguments) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    first, second = shown.err.splitlines()
    assert first.startswith("× ")
    assert "--help` shows how it is used." in second


def test_an_error_is_two_lines_and_exit_2(capsys: pytest.CaptureFixture[str]) -> None:
    assert main.run(["show", "nobody"]) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert len(shown.err.splitlines()) == 2
    assert "Nothing here is called 'nobody'." in shown.err


def test_an_error_as_json_is_one_object_on_stdout(capsys: pytest.CaptureFixture[str]) -> None:
    assert main.run(["show", "nobody", "--json"]) == 2
    shown = capsys.readouterr()
    assert shown.err == ""
    fields = json.loads(shown.out)
    assert fields["code"] == "reference-not-found"
    assert fields.keys() == {"type", "code", "message", "hint", "where"}


def test_a_wrong_command_line_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main.run(["gc", "--json", "--wrong"]) == 2
    assert json.loads(capsys.readouterr().out)["code"] == "bad-command-line"


def test_a_defect_is_two_lines_and_its_traceback_in_the_log(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, home: Path
) -> None:
    def explode(what: str, project: str | None) -> None:
        raise ZeroDivisionError("on purpose\nwith more")

    monkeypatch.setattr("glassworks.api.ls", explode)
    assert main.run(["ls"]) == 1
    first, second = capsys.readouterr().err.splitlines()
    assert "ZeroDivisionError: on purpose" in first
    log = home / "logs" / "cli.jsonl"
    assert str(log) in second
    assert "explode" in json.loads(log.read_text().splitlines()[-1])["traceback"]
    monkeypatch.setenv("GLASSWORKS_DEBUG", "1")
    with pytest.raises(ZeroDivisionError):
        main.run(["ls"])


def test_lists_of_an_empty_home_teach_the_first_step(capsys: pytest.CaptureFixture[str]) -> None:
    assert main.run(["ls"]) == 0
    assert "glassworks run first-model" in capsys.readouterr().out
    assert main.run(["ls", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"runs": []}
    assert main.run(["ls", "recipes", "--json"]) == 0
    recipes = json.loads(capsys.readouterr().out)["recipes"]
    assert "first-model" in [recipe["name"] for recipe in recipes]


def test_gc_of_an_empty_store(capsys: pytest.CaptureFixture[str]) -> None:
    assert main.run(["gc", "--dry-run", "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["artifacts"] == [] and report["is_dry_run"] is True


def test_a_printed_recipe_is_a_recipe(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    from glassworks.flow.recipe import load_recipe

    assert main.run(["show", "first-model", "--yaml"]) == 0
    file = tmp_path / "mine.yaml"
    file.write_text(capsys.readouterr().out)
    assert load_recipe(str(file)) == load_recipe("first-model")


def test_the_installed_entry_point_exits_with_the_code(tmp_path: Path) -> None:
    done = Terminal(tmp_path).run("fly")
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
