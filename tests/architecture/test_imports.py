"""The rooms import downward only, and the rule that says so really bites."""

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

from tests.architecture.sources import ROOT

PLANTED = {
    "The service tower points down": ("flow/planted.py", "import glassworks.engine"),
    "The model tower points down": ("specs/planted.py", "import glassworks.stages"),
    "The language-model library points down": (
        "lm/text/planted.py",
        "def later() -> None:\n    import glassworks.lm.tokenizer",
    ),
    "The service tower never imports the model tower": (
        "engine/planted.py",
        "def later() -> None:\n    import torch",
    ),
    "The model tower knows no service": ("stages/planted.py", "import glassworks.storage"),
    "The worker knows the floor only": ("worker/planted.py", "import glassworks.engine"),
    "Text, tokenizer, data and estimate are torch-free": ("lm/data/planted.py", "import torch"),
    "The floor is the standard library and pydantic": ("common/planted.py", "import yaml"),
    "The server's floors point down": (
        "server/db/planted.py",
        "def later() -> None:\n    import glassworks.server.http",
    ),
    "The server's slices never import each other": (
        "server/features/me/planted.py",
        "import glassworks.server.features.items.service",
    ),
    "Commands start the server and talk to it, they never contain it": (
        "cli/planted.py",
        "import glassworks.app",
    ),
}
"""Contract -> (file, an import that breaks it)."""


def test_the_import_rules_hold() -> None:
    result = lint_imports(ROOT)
    assert result.returncode == 0, result.stdout


def test_every_rule_breaks_when_a_forbidden_import_is_planted(tmp_path: Path) -> None:
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    package = tmp_path / "src" / "glassworks"
    shutil.copytree(ROOT / "src" / "glassworks", package)
    for file, line in PLANTED.values():
        (package / file).write_text(f'"""Planted."""\n\n{line}\n', encoding="utf-8")

    result = lint_imports(tmp_path)

    assert result.returncode != 0
    verdicts = result.stdout.splitlines()
    for contract in contract_names():
        assert f"{contract} BROKEN" in verdicts, result.stdout


def test_every_contract_has_a_planted_import() -> None:
    assert set(contract_names()) == PLANTED.keys()


def contract_names() -> list[str]:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return [contract["name"] for contract in settings["tool"]["importlinter"]["contracts"]]


def lint_imports(root: Path) -> "subprocess.CompletedProcess[str]":
    """Run import-linter on the package under `root`, without its cache."""
    program = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    return subprocess.run(
        [sys.executable, "-c", program, "--no-cache"],
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(root / "src"), "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )
