"""`replenish check`: everything that is wrong, or looks wrong, in an instance."""

import typer
from rich.markup import escape

from optimizer.check import check as check_instance
from optimizer.check.show import counted, show
from optimizer.commands import options, terminal
from optimizer.report import busy

EXAMPLE = "replenish check instances/quickstart"


def check(instance: options.InstancePath) -> None:
    """Read an instance and tell everything that is wrong, or looks wrong; plan nothing."""
    with busy("reading and checking", terminal.err):
        report = check_instance(instance)
    show(report.findings, terminal.err if report.faults else terminal.out)
    terminal.out.print(f"{escape(str(instance))}: {counted(report.findings)}")
    if not report.sound:
        raise typer.Exit(terminal.FAULTY)
