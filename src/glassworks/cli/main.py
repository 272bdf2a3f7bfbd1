"""The entry point of `glassworks`: finds the command, runs it, and turns what went wrong into two lines.

In: the command line. Out: an exit code: 0 done, 2 a failure that was told, 130 stopped by the person, 1 a defect.
Unusual: `commands/` is scanned, not imported; the overview reads the first line of each file's docstring, so `--help`
imports neither a command nor anything that a command needs. Commands about one kind of thing stand under its noun: the file
`tokenizer_train.py` is `glassworks tokenizer train`.
"""

import ast
import os
import sys
from functools import cached_property
from importlib import import_module
from pathlib import Path
from typing import Any

import typer
from typer.core import TyperGroup
from typer.exceptions import TyperException

from glassworks import __version__
from glassworks.cli.failures import EXIT_DEFECT, EXIT_FAILED, tell_defect, tell_error, tell_misuse
from glassworks.common.errors import GlassworksError

COMMANDS = Path(__file__).parent / "commands"
PLAIN_HELP: dict[str, Any] = {"add_completion": False, "rich_markup_mode": None}
OVERVIEW = """Build a language model. Watch it learn. Put it to work.

  glassworks run first-model               build the first model
  glassworks generate first-model "To be"  let it write
  glassworks run first-model --set train.steps=400
"""


def main() -> None:
    """Run the command line of this process and exit."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """Run one command line; returns its exit code. Only an interrupt passes through."""
    is_json = "--json" in arguments
    try:
        code = make_group().main(arguments, prog_name="glassworks", standalone_mode=False)
    except GlassworksError as error:
        tell_error(error, is_json)
        return EXIT_FAILED
    except TyperException as error:
        tell_misuse(error, is_json)
        return EXIT_FAILED
    except Exception as error:  # the edge of the program: a defect of ours is told, not dumped
        if os.environ.get("GLASSWORKS_DEBUG"):
            raise
        tell_defect(error, is_json)
        return EXIT_DEFECT
    return code if isinstance(code, int) else 0


def make_group() -> TyperGroup:
    """The command `glassworks` with all that the folder holds."""
    app = typer.Typer(cls=CommandFolder, invoke_without_command=True, **PLAIN_HELP)
    app.callback()(_global_options)
    group = typer.main.get_command(app)
    assert isinstance(group, TyperGroup)
    return group


class CommandFolder(TyperGroup):
    """The files of `commands/` as commands, imported one by one and only to be run."""

    @cached_property
    def files(self) -> dict[str, Path]:
        return command_files()

    def list_commands(self, ctx: Any) -> list[str]:
        return sorted({name.partition(" ")[0] for name in self.files})

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        if cmd_name in self.files:
            return load_command(self.files[cmd_name])
        of_noun = {
            name: file for name, file in self.files.items() if name.startswith(f"{cmd_name} ")
        }
        return make_noun(cmd_name, of_noun) if of_noun else None

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """The overview, from the files' docstrings alone."""
        formatter.write(f"{OVERVIEW}\nCommands\n")
        write_purposes(formatter, self.files)
        formatter.write("\nOptions\n  --version  Print the version.\n  --help     Print this.\n")
        formatter.write("\nglassworks COMMAND --help explains a command, with examples.\n")


class Noun(TyperGroup):
    """The commands about one kind of thing: `glassworks tokenizer ...`."""

    files: dict[str, Path]
    """Whole name (`tokenizer train`) -> file."""

    def list_commands(self, ctx: Any) -> list[str]:
        return [name.partition(" ")[2] for name in self.files]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        file = self.files.get(f"{self.name} {cmd_name}")
        return load_command(file) if file else None

    def format_help(self, ctx: Any, formatter: Any) -> None:
        formatter.write("Commands\n")
        write_purposes(formatter, self.files)
        formatter.write(f"\nglassworks {self.name} COMMAND --help explains one, with examples.\n")


def make_noun(name: str, files: dict[str, Path]) -> Noun:
    """The group of a noun's commands."""
    app = typer.Typer(cls=Noun, invoke_without_command=True, **PLAIN_HELP)
    app.callback()(_noun_help)
    group = typer.main.get_command(app)
    assert isinstance(group, Noun)
    group.name, group.files = name, files
    return group


def write_purposes(formatter: Any, files: dict[str, Path]) -> None:
    """A line for each command: its name and the first line of its file."""
    width = max(map(len, files))
    for name, file in files.items():
        formatter.write(f"  {name:<{width}}  {purpose(file)}\n")


def command_files() -> dict[str, Path]:
    """Name -> file of each command, sorted."""
    files = [file for file in sorted(COMMANDS.glob("*.py")) if not file.stem.startswith("_")]
    return {command_name(file): file for file in files}


def command_name(file: Path) -> str:
    """The file name, a noun and a verb with a space between; a `_` at its end only keeps it from being a word of the
    language (`continue_.py`)."""
    return file.stem.removesuffix("_").replace("_", " ", 1)


def load_command(file: Path) -> Any:
    """Import one file of `commands/` and make a command of its function `command`."""
    module = import_module(f"glassworks.cli.commands.{file.stem}")
    app = typer.Typer(**PLAIN_HELP)
    examples = "\b\nExamples:\n" + "".join(
        f"  {line}\n" for line in module.EXAMPLES.strip().split("\n")
    )
    verb = command_name(file).rpartition(" ")[2]
    app.command(verb, epilog=examples)(module.command)
    return typer.main.get_command(app)


def purpose(file: Path) -> str:
    """The first line of a file's docstring."""
    text = ast.get_docstring(ast.parse(file.read_text(encoding="utf-8"))) or ""
    return text.partition("\n")[0]


def _global_options(
    ctx: typer.Context,
    is_version: bool = typer.Option(False, "--version", help="Print the version."),
) -> None:
    if is_version:
        typer.echo(f"glassworks {__version__}")
    elif ctx.invoked_subcommand is None:
        typer.echo(ctx.get_help())


def _noun_help(ctx: typer.Context) -> None:
    if ctx.invoked_subcommand is None:
        typer.echo(ctx.get_help())
