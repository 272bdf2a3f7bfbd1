"""The documents are true: links lead somewhere, the ten names and the commands are those of the code, and each addition
that CONTRIBUTING.md describes works when its file is really added."""

import inspect
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import glassworks
from glassworks import api
from glassworks.cli.main import command_files

ROOT = Path(__file__).resolve().parents[1]
LINK = re.compile(r"\]\(([^)#]+)(?:#[^)]*)?\)")
CODE_BLOCK = re.compile(r"^```(?:python|yaml)\n# (?P<path>src/\S+)\n(?P<code>.*?)^```", re.S | re.M)
MAX_README_LINES = 60


def documents() -> list[Path]:
    below = [*(ROOT / "docs").rglob("*.md"), *(ROOT / "src").rglob("*.md")]
    return sorted([*ROOT.glob("*.md"), *below])


def test_every_link_leads_somewhere() -> None:
    broken = [
        f"{document.relative_to(ROOT)}: {target}"
        for document in documents()
        for target in LINK.findall(document.read_text(encoding="utf-8"))
        if not target.startswith(("http://", "https://", "mailto:"))
        and not (document.parent / target).exists()
    ]
    assert broken == []


def test_the_readme_fits_a_screen() -> None:
    assert len((ROOT / "README.md").read_text(encoding="utf-8").splitlines()) <= MAX_README_LINES


def test_pictures_need_nothing_from_outside() -> None:
    for picture in (ROOT / "docs").rglob("*.svg"):
        text = picture.read_text(encoding="utf-8").replace("http://www.w3.org/2000/svg", "")
        assert "http" not in text, picture.name
        assert "href" not in text, picture.name


def test_the_python_page_is_about_the_ten_names() -> None:
    page = (ROOT / "docs" / "python.md").read_text(encoding="utf-8")
    sections = dict(re.findall(r"^## (\w+)\n`\1\((.*)\)`$", page, re.M))
    assert len(glassworks.__all__) == 10
    assert sections.keys() == set(glassworks.__all__)
    for name, written in sections.items():
        parameters = inspect.signature(getattr(api, name)).parameters.values()
        assert written == ", ".join(map(as_written, parameters)), name


def test_the_command_page_is_about_every_command() -> None:
    page = (ROOT / "docs" / "cli.md").read_text(encoding="utf-8")
    commands = set(command_files())
    assert sorted(re.findall(r"^## (.*)$", page, re.M)) == sorted(commands)


def as_written(parameter: inspect.Parameter) -> str:
    if parameter.default is inspect.Parameter.empty:
        return parameter.name
    default = parameter.default
    return f"{parameter.name}={json.dumps(default) if isinstance(default, str) else default}"


# --- CONTRIBUTING.md ---------------------------------------------------------------------------------------------


def additions() -> Iterator[tuple[Path, str]]:
    """Path and content of each file that CONTRIBUTING.md shows how to add."""
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    for block in CODE_BLOCK.finditer(text):
        yield Path(block["path"]), block["code"]


def test_each_addition_is_picked_up_by_adding_its_file(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "src", tmp_path / "src")
    for path, code in additions():
        assert not (ROOT / path).exists(), f"{path} exists; CONTRIBUTING.md must add something new"
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(code, encoding="utf-8")

    known = ids_by_folder(ask(tmp_path, WHAT_THERE_IS))

    for path, _ in additions():
        where, name = (
            (path.parent.parent, path.parent.name)
            if path.stem == "endpoints"
            else (path.parent, path.stem)
        )
        folder = where.relative_to("src/glassworks").as_posix()
        assert name in known[folder], f"{path} was not picked up"


WHAT_THERE_IS = """
import json
from glassworks.cli.main import command_files, load_command
from glassworks.flow.recipe import load_recipe, recipe_names
from glassworks.server.http.app import slices
from glassworks.worker.ops import OPS
catalog = OPS.load("catalog")
commands = [file.stem for file in command_files().values() if load_command(file)]
recipes = [load_recipe(name).name for name in recipe_names()]
slices = [module.__name__.split(".")[-2] for module in slices()]
found = {**catalog().run(catalog.Args()), "ops": list(OPS.all()), "slices": slices}
print(json.dumps({**found, "commands": commands, "recipes": recipes}))
"""


def ask(root: Path, program: str) -> dict[str, Any]:
    """What `program` prints, run with the package under `root`."""
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "PYTHONPATH": str(root / "src")},
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def ids_by_folder(found: dict[str, Any]) -> dict[str, set[str]]:
    """Folder below the package -> ids."""
    components = {
        f"lm/{package.replace('.', '/')}": set(parts)
        for package, parts in found["components"].items()
    }
    return components | {
        "stages": set(found["stages"]),
        "lm/evaluate/metrics": set(found["metrics"]),
        "worker/ops": set(found["ops"]),
        "server/features": set(found["slices"]),
        "cli/commands": set(found["commands"]),
        "content/recipes": set(found["recipes"]),
    }
