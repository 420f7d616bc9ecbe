"""`replenish new`: an empty instance to fill in."""

from pathlib import Path
from typing import Annotated

import typer

from optimizer.commands import terminal
from optimizer.read.new import new as new_instance

EXAMPLE = "replenish new my-data"


def new(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="A new or empty folder.")],
    every: Annotated[bool, typer.Option("--all", help="Write the tables of all rules.")] = False,
) -> None:
    """Write an empty instance: the usual tables with their headers and one example row."""
    try:
        files = new_instance(folder, every=every)
    except FileExistsError as error:
        terminal.fail(str(error), terminal.WRONG_CALL)
    terminal.out.print(
        f"{len(files)} files in {folder}. Put your rows in, delete the tables that you do not need, then: "
        f"replenish check {folder}",
        markup=False,
        soft_wrap=True,
    )
    if not every:
        terminal.out.print(
            "Further rules have tables of their own: `replenish tables` lists them, `new --all` writes them."
        )
