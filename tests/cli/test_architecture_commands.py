"""The commands about architectures. One helper answers them all, so that its start is paid for once."""

import contextlib
import io
import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from glassworks.cli import console
from glassworks.cli.main import run
from glassworks.engine.tools_client import ToolsClient
from glassworks.engine.workshop import Workshop
from glassworks.storage.atomic import write_json
from tests.conftest import make_home


class Terminal:
    """The command line in this process, in a home of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        make_home(folder / "home")

    def run(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        out, err = io.StringIO(), io.StringIO()
        words = ["architecture", *arguments]
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("GLASSWORKS_HOME", str(self.folder / "home"))
            console.stdout.cache_clear()
            console.stderr.cache_clear()
            with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
                code = run(words)
            console.stdout.cache_clear()
            console.stderr.cache_clear()
        return subprocess.CompletedProcess(words, code, out.getvalue(), err.getvalue())


@pytest.fixture(scope="module")
def terminal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Terminal]:
    """`mine@1` of two layers, `mine@2` of three."""
    folder = tmp_path_factory.mktemp("architectures")
    found = Terminal(folder)
    (folder / "two.yaml").write_text("vocab_size: 300\nwidth: 64\nlayers: 2\n")
    (folder / "wrong.yaml").write_text("width: 100\nattention: {heads: 3}\n")
    config = {"model_type": "llama", "vocab_size": 300, "hidden_size": 64, "intermediate_size": 96}
    config |= {"num_hidden_layers": 3, "num_attention_heads": 2, "rope_scaling": {"type": "yarn"}}
    write_json(folder / "config.json", config)
    with ToolsClient() as helper, pytest.MonkeyPatch.context() as patch:
        patch.setattr(Workshop, "tools", property(lambda _: helper))
        saved = found.run("save", str(folder / "two.yaml"), "--name", "mine", "--json")
        assert json.loads(saved.stdout)["version"] == 1, saved.stderr
        imported = found.run("import", str(folder / "config.json"), "--name", "mine", "--json")
        assert json.loads(imported.stdout)["version"] == 2, imported.stderr
        assert "yarn" in imported.stderr, "what is left out is said"
        yield found


def beside(terminal: Terminal, name: str) -> str:
    return str(terminal.folder / name)


def told(terminal: Terminal, *arguments: str) -> Any:
    done = terminal.run(*arguments, "--json")
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads(done.stdout)


def shown(terminal: Terminal, *arguments: str) -> str:
    done = terminal.run(*arguments)
    assert (done.returncode, done.stderr) == (0, ""), done.stderr
    return done.stdout


def test_the_list_has_names_and_presets(terminal: Terminal) -> None:
    found = told(terminal, "ls")
    assert [(row["name"], row["version"]) for row in found["architectures"]] == [("mine", 2)]
    lines = shown(terminal, "ls").splitlines()
    assert "gpt2\tgpt2\t12\t768\t124,439,808" in lines


def test_an_architecture_is_shown_as_a_file_to_start_from(terminal: Terminal) -> None:
    text = shown(terminal, "show", "mine@1")
    assert text.startswith("# architecture/mine@1\n# version 2")
    assert yaml.safe_load(text)["layers"] == 2


def test_each_part_is_explained(terminal: Terminal) -> None:
    text = shown(terminal, "explain", "mine@1")
    assert "layers.0.attention: Grouped-query attention, 2 times" in text
    assert "q.weight       64 x 64" in text
    assert told(terminal, "explain", beside(terminal, "config.json"))["document"]["layers"] == 3
    wrong = terminal.run("explain", beside(terminal, "wrong.yaml"))
    assert wrong.returncode == 2
    assert "3 heads do not divide a width of 100." in wrong.stderr


def test_what_differs_is_told(terminal: Terminal) -> None:
    found = told(terminal, "diff", "mine@1", "mine@2")
    changes = {change["path"]: (change["before"], change["after"]) for change in found["changes"]}
    assert changes["layers"] == (2, 3)
    assert changes["feed_forward.kind"] == ("squared_relu", "swiglu")
    assert shown(terminal, "diff", "tiny", "preset:tiny") == "They are the same.\n"


def test_an_export_is_read_again(terminal: Terminal, tmp_path: Path) -> None:
    file = tmp_path / "config.json"
    shown(terminal, "export", "mine", "--format", "hub", "--output", str(file))
    assert json.loads(file.read_text())["architectures"] == ["LlamaForCausalLM"]
    again = terminal.run("export", "mine", "--output", str(file))
    assert again.returncode == 2
    assert shown(terminal, "diff", "mine", str(file)) == "They are the same.\n"


def test_a_model_for_a_time_says_why(terminal: Terminal) -> None:
    found = told(terminal, "plan", "--minutes", "10")
    assert found["time_s"] <= 600
    assert shown(terminal, "plan", "--depth", "4", "--rules").count("tokens") >= 2
    both = terminal.run("plan", "--depth", "4", "--minutes", "1")
    assert both.returncode != 0
