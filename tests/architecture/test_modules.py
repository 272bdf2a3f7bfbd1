"""What every module does (open with what it is) and what none may do (swallow errors, print, unpickle, evaluate text)."""

import ast
import re
from pathlib import Path

import pytest

from tests.architecture.sources import (
    PACKAGE,
    ROOT,
    Source,
    called_name,
    imported_names,
    package_sources,
)
from tools.check_sizes import python_files

EDGES = {
    "cli/main.py": "the program's edge: a defect is told, not dumped",
    "common/registry.py": "plugin loading",
    "lm/tokenizer/tokenizer.py": "the tokenizers library raises the bare class",
    "server/jobs/driver.py": "the supervisor's loop: a defect must not end the queue",
    "server/jobs/jobs.py": "the index can be rebuilt, the stream must go on",
    "server/live/hub.py": "the socket loop: one bad tick must not end the stream",
    "worker/run.py": "worker main",
    "worker/saving.py": "a background thread: its failure is raised in the thread that waits",
    "worker/serve.py": "request, socket loop",
    "worker/tools.py": "request",
}
"""Where `except Exception` may stand: the edges at which other people's failures become ours."""
UNPICKLERS = {"pickle", "cloudpickle", "dill", "joblib", "marshal", "shelve", "jsonpickle"}
FORBIDDEN_CALLS = {
    "eval",
    "exec",
    "__import__",
    "torch.load",
    "torch.save",
    "torch.hub.load",
    "yaml.load",
    "yaml.unsafe_load",
    "yaml.full_load",
}
TEXT_FILES = {".py", ".md", ".mdc", ".toml", ".txt", ".yaml", ".yml", ".json", ".svg", ".sh", ""}
MACHINE_PATHS = re.compile(
    "|".join(("/wo" + "rk/", "/ro" + "ot/", "/fa" + "rm/", "/opt/py" + "pi", r"/ho" + r"me/\w+/"))
)
REGISTRY_HOSTS = re.compile(
    "|".join(("pypi" + r"\.org", "python" + "hosted", r"download\.py" + "torch"))
)


def test_every_module_opens_with_what_it_is() -> None:
    silent = [
        str(file.relative_to(ROOT))
        for file in python_files(ROOT)
        if not ast.get_docstring(ast.parse(file.read_text(encoding="utf-8")))
        and not is_empty_test_package(file)
    ]
    assert silent == []


def test_broad_excepts_stand_at_named_edges_only() -> None:
    assert {s.name for s in package_sources() if has_broad_except(s)} == EDGES.keys()


def test_only_the_command_line_prints() -> None:
    printing = [
        source.name
        for source in package_sources()
        if not source.name.startswith("cli/")
        and any(called_name(call) == "print" for call in source.calls())
    ]
    assert printing == []


def test_nothing_is_unpickled_or_evaluated() -> None:
    problems = [problem for source in package_sources() for problem in unsafe_uses(source)]
    assert problems == []


def test_no_file_knows_a_machine_or_a_registry() -> None:
    problems = [
        f"{file.relative_to(ROOT)}: {found.group()}"
        for file in text_files()
        for pattern in (MACHINE_PATHS, REGISTRY_HOSTS)
        for found in pattern.finditer(file.read_text(encoding="utf-8"))
    ]
    assert problems == []


@pytest.mark.parametrize(
    "text",
    [
        "import pickle",
        "def later():\n    from pickle import loads",
        "eval('1')",
        "torch.load(path)",
        "numpy.load(path, allow_pickle=True)",
        "yaml.load(text)",
    ],
)
def test_an_unsafe_use_is_found(text: str) -> None:
    assert unsafe_uses(Source("made_up.py", ast.parse(text)))


@pytest.mark.parametrize("caught", ["Exception", "BaseException", "(ValueError, Exception)", ""])
def test_a_broad_except_is_found(caught: str) -> None:
    text = f"try:\n    pass\nexcept {caught}:\n    "
    assert has_broad_except(Source("made_up.py", ast.parse(f"{text}pass")))
    assert has_broad_except(Source("made_up.py", ast.parse(f"{text}if x:\n        raise")))
    assert not has_broad_except(Source("made_up.py", ast.parse(f"{text}tidy_up()\n    raise")))


def is_empty_test_package(file: Path) -> bool:
    is_below_tests = file.is_relative_to(ROOT / "tests")
    return is_below_tests and file.name == "__init__.py" and not file.read_text(encoding="utf-8")


def has_broad_except(source: Source) -> bool:
    """Whether a failure of any kind can end here; what tidies up and raises again does not count."""
    handlers = (n for n in ast.walk(source.tree) if isinstance(n, ast.ExceptHandler))
    return any(is_broad(handler) and not raises_again(handler) for handler in handlers)


def is_broad(handler: ast.ExceptHandler) -> bool:
    return handler.type is None or bool({"Exception", "BaseException"} & names_in(handler.type))


def raises_again(handler: ast.ExceptHandler) -> bool:
    last = handler.body[-1]
    return isinstance(last, ast.Raise) and last.exc is None


def names_in(node: ast.expr) -> set[str]:
    return {n.id for n in ast.walk(node) if isinstance(n, ast.Name)}


def unsafe_uses(source: Source) -> list[str]:
    """Each use of a module or function that turns data into code."""
    modules = [m for m in imported_names(source.tree) if m.split(".")[0] in UNPICKLERS]
    calls = [name for call in source.calls() if (name := called_name(call)) in FORBIDDEN_CALLS]
    allowed = [
        "allow_pickle"
        for call in source.calls()
        for keyword in call.keywords
        if keyword.arg == "allow_pickle"
        and not (isinstance(keyword.value, ast.Constant) and keyword.value.value is False)
    ]
    return [f"{source.name}: {use}" for use in [*modules, *calls, *allowed]]


def text_files() -> list[Path]:
    """Our own text: the package, what stands beside it, and the files at the top."""
    folders = (
        PACKAGE,
        *(ROOT / name for name in ("tests", "tools", "benchmarks", "docs", ".ci", ".cursor")),
    )
    below = [file for folder in folders for file in folder.rglob("*")]
    return sorted(
        file
        for file in [*below, *ROOT.iterdir()]
        if file.is_file() and file.suffix in TEXT_FILES and "__pycache__" not in file.parts
    )
