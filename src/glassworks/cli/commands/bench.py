"""Measure a hot path beside a plain peer, in one run.

In: the name of a file in the checkout's `benchmarks/`. Out: each contestant's rate and the ratios with their spread.
Benchmarks are not part of an installed package: they need a checkout and its development tools.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from glassworks.cli.options import JsonOption

CHECKOUT = Path(__file__).resolve().parents[4]
EXAMPLES = """
glassworks bench train
glassworks bench generate --json
glassworks bench save
glassworks bench data -- --megabytes 300
glassworks bench tokenizer
glassworks bench live -- --viewers 200
glassworks bench train -- --shape medium --rounds 15
"""


def command(
    name: Annotated[
        str,
        typer.Argument(
            help="train, generate, save, data, tokenizer, live, emit or playground.",
            show_default=False,
        ),
    ],
    options: Annotated[
        list[str] | None, typer.Argument(help="Options of that benchmark.", show_default=False)
    ] = None,
    is_json: JsonOption = False,
) -> None:
    """Let ours and a plain peer take turns in one run, and report the ratio with its spread.

    Only from a checkout. Close other programs first: a busy machine makes every figure worse.
    """
    from glassworks.cli.failures import print_json

    found = measure(name, options or [])
    if is_json:
        print_json(found)
    else:
        tell(found)


def measure(name: str, options: list[str]) -> dict[str, Any]:
    """Run the benchmark program. Raises NotFound, Unavailable."""
    from glassworks.common.errors import NotFound, Unavailable

    known = sorted(
        path.stem for path in (CHECKOUT / "benchmarks").glob("[!_]*.py") if _is_benchmark(path)
    )
    if name not in known:
        raise NotFound(
            "benchmark-not-found",
            f"There is no benchmark {name!r} here.",
            f"Choose one of: {', '.join(known)}." if known else "Run it from a checkout.",
        )
    program = [sys.executable, "-m", f"benchmarks.{name}", *options]
    ended = subprocess.run(program, cwd=CHECKOUT, stdout=subprocess.PIPE, text=True, check=False)
    if ended.returncode != 0:
        raise Unavailable(
            "benchmark-failed",
            f"The benchmark {name!r} ended with code {ended.returncode}.",
            "What it printed stands above; `make install-dev` installs what benchmarks need.",
        )
    found: dict[str, Any] = json.loads(ended.stdout.splitlines()[-1])
    return found


def tell(found: dict[str, Any]) -> None:
    """The result as a person reads it: the machine, then rates and ratios, or figures by name."""
    from glassworks.cli.console import stdout

    out = stdout()
    machine, settings = found["machine"], found["settings"]
    about = [str(found["benchmark"]), *(f"{k} {v}" for k, v in settings.items() if k != "threads")]
    if "shape" in found:
        rows = f", {settings['rows']} at once" if "rows" in settings else ""
        about = [str(found["benchmark"]), f"shape {found['shape']}", settings["dtype"] + rows]
    out.print(", ".join(about), style="title")
    out.print(_machine_line(machine, settings), style="quiet")
    contestants = found.get("contestants", {})
    has_ceiling = any("of_ceiling" in contestant for contestant in contestants.values())
    if contestants:
        ceiling = f"{'of the ceiling':>16}" if has_ceiling else ""
        out.print(f"  {'':<38}{'tok/s':>10}{'tok/cpu-s':>12}{ceiling}", style="quiet")
    for name, contestant in contestants.items():
        rate, per_cpu_s = contestant["tokens_per_s"], contestant["tokens_per_cpu_s"]
        ceiling = f"{contestant['of_ceiling']:>16.0%}" if has_ceiling else ""
        out.print(f"  {name:<38}{rate['median']:>10,.0f}{per_cpu_s['median']:>12,.0f}{ceiling}")
    for name, ratio in found.get("ratios", {}).items():
        out.print(
            f"  {name}: {ratio['median']:.2f} ({ratio['least']:.2f} to {ratio['greatest']:.2f})"
        )
    if "same_ids" in found:
        out.print(f"  both wrote the same tokens: {'yes' if found['same_ids'] else 'no'}")
    for name, value in _flat(found.get("figures", {})):
        out.print(f"  {name:<42}{value:>12,}")


def _machine_line(machine: dict[str, Any], settings: dict[str, Any]) -> str:
    dtype = settings.get("dtype", "fp32")
    ceiling = machine["matmul_gflops"].get(f"cpu/{dtype}", 0)
    threads = f"{settings['threads']} threads, " if "threads" in settings else ""
    return (
        f"{machine['processor']}, {machine['num_cores']} cores, {threads}"
        f"matmul ceiling {ceiling:,.0f} GFLOP/s, load {machine['load_average']:.1f}"
    )


def _flat(figures: dict[str, Any], prefix: str = "") -> Iterator[tuple[str, float]]:
    """Figures within figures get both names."""
    for name, value in figures.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", value


def _is_benchmark(path: Path) -> bool:
    return "def measure(" in path.read_text(encoding="utf-8")
