"""`replenish compare`: what is different between plans, and why."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from optimizer.commands import terminal
from optimizer.compare import compared
from optimizer.compare.show import shown
from optimizer.compare.written import write
from optimizer.read.published import published
from optimizer.write import repair
from optimizer.write.documents import as_json

EXAMPLE = "replenish compare plans/monday plans/tuesday"


def compare(
    plans: Annotated[list[Path], typer.Argument(metavar="PLAN PLAN…", help="Folders of plans; the first is before.")],
    as_document: Annotated[bool, typer.Option("--json", help="As JSON, on standard output.")] = False,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="FOLDER", help="Write everything there, as CSV tables.")
    ] = None,
) -> None:
    """Compare plans: cost by account, orders, who fares better and worse.

    Plans of different weeks are compared over those that both have.
    """
    if len(plans) < 2:
        terminal.fail("Name two plans or more: the first is what the others are compared with.", terminal.WRONG_CALL)
    for folder in plans:
        repair(folder)
    found = compared([published(folder) for folder in plans])
    if output is not None:
        write(found, output)
    if as_document:
        sys.stdout.buffer.write(as_json(found.document()))
        return
    terminal.out.print(shown(found))
    if output is not None:
        terminal.out.print(f"\nTables in {output}", markup=False)
