"""Check and measure this machine, and the store if asked.

In: nothing, or `--store`. Out: what was measured, what is missing, what is damaged and what to do about it.
"""

from typing import TYPE_CHECKING, Annotated

import typer

from glassworks.cli.options import JsonOption

if TYPE_CHECKING:
    from glassworks.engine.doctor import DoctorReport

EXAMPLES = """
glassworks doctor
glassworks doctor --store
"""


def command(
    is_store: Annotated[
        bool, typer.Option("--store", help="Also read every byte of the store.")
    ] = False,
    is_json: JsonOption = False,
) -> None:
    """Measure what this machine can do, and say what is missing. The figures are kept for estimates.

    With --store every byte of the store is read again; what is damaged is explained, and the exit code is 2.
    """
    from glassworks import api
    from glassworks.cli.console import stderr
    from glassworks.cli.failures import EXIT_FAILED, print_json

    stderr().print("Measuring this machine takes some seconds.", style="quiet")
    report = api.doctor(is_store)
    if is_json:
        problems = [vars(p) for p in report.problems] if report.problems is not None else None
        machine = report.machine.to_json()
        print_json(
            {**vars(report), "machine": machine, "problems": problems, "is_well": report.is_well}
        )
    else:
        _print(report)
    raise typer.Exit(EXIT_FAILED if report.problems else 0)


def _print(report: "DoctorReport") -> None:
    from glassworks.cli import numbers
    from glassworks.cli.console import stdout

    machine, console = report.machine, stdout()
    figures = [
        ("processor", f"{machine.processor}, {numbers.plural(machine.num_cores, 'core')}"),
        ("memory", numbers.size(machine.memory_bytes)),
        ("devices", ", ".join(machine.devices)),
        ("python, torch", f"{machine.python}, {machine.torch}"),
    ]
    for name, gflops in machine.matmul_gflops.items():
        figures.append((f"matrix product {name}", f"{gflops:,.0f} GFLOP/s"))
    figures += [
        ("memory copy", f"{numbers.size(machine.copy_bytes_per_s)}/s"),
        (
            "disk",
            f"{numbers.size(machine.disk_bytes_per_s)}/s, {numbers.size(report.free_bytes)} free",
        ),
        (
            "writing",
            "compiled for this processor" if machine.is_writing_compiled else "by numpy",
        ),
        ("home", report.home),
        ("store", report.store),
    ]
    for name, text in figures:
        console.print(f"{name:<24}", style="quiet", end="")
        console.print(text, soft_wrap=True)
    for remark in report.remarks:
        console.print("! note  ", style="warn", end="")
        console.print(remark, soft_wrap=True)
    for problem in report.problems or ():
        console.print("× damaged  ", style="bad", end="")
        console.print(
            f"{problem.what}: {problem.problem} (made by {problem.made_by})", soft_wrap=True
        )
        console.print(f"  {problem.remedy}", style="glass", soft_wrap=True)
    if report.problems == ():
        console.print("● sound  ", style="ok", end="")
        console.print("every byte in the store is what it was when it was made")
