"""`replenish compare`: what is different between plans, and why."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from optimizer.commands import options, terminal
from optimizer.compare import compared
from optimizer.compare.comparison import Comparison
from optimizer.compare.show import shown, shown_why
from optimizer.compare.why import Attribution, tables_of
from optimizer.compare.why import why as reasons_of
from optimizer.compare.written import document, write
from optimizer.read.published import instance_of, published
from optimizer.report import busy
from optimizer.solve.engine import Engine
from optimizer.write import repair
from optimizer.write.documents import as_json

EXAMPLE = "replenish compare plans/monday plans/tuesday"


def compare(
    plans: Annotated[list[Path], typer.Argument(metavar="PLAN PLAN…", help="Folders of plans; the first is before.")],
    as_document: options.AsJson = False,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="FOLDER", help="Write everything there, as CSV tables.")
    ] = None,
    why: Annotated[
        bool,
        typer.Option(
            "--why",
            help="Of two plans: what the difference in cost is owed to: stock, demand, prices, supply. Plans again.",
        ),
    ] = False,
    seconds: Annotated[float, typer.Option(min=0.1, help="With --why: for each plan on the way.")] = 30.0,
    before: Annotated[
        Path | None,
        typer.Option(metavar="INSTANCE", help="With --why: tables of the first plan, if moved."),
    ] = None,
    after: Annotated[
        Path | None, typer.Option(metavar="INSTANCE", help="With --why: tables of the other plan, if moved.")
    ] = None,
) -> None:
    """Compare plans: cost by account, orders, who fares better and worse.

    Plans of different weeks are compared over those that both have.
    """
    if len(plans) < 2:
        terminal.fail("Name two plans or more: the first is what the others are compared with.", terminal.WRONG_CALL)
    repair(*plans)
    found = compared([published(folder) for folder in plans])
    reasons = _reasons(found, seconds, before, after) if why else None
    if output is not None:
        write(found, output, reasons)
    if as_document:
        terminal.write(as_json(document(found, reasons)))
        return
    terminal.out.print(shown(found))
    if reasons is not None:
        terminal.out.print(shown_why(reasons, found.pairs[0].after.document["currency"]))
    if output is not None:
        terminal.out.print(f"\nTables in {output}", markup=False)


def _reasons(found: Comparison, seconds: float, before: Path | None, after: Path | None) -> Attribution:
    """What the difference of two plans is owed to."""
    if len(found.pairs) > 1:
        terminal.fail("--why is of two plans.", terminal.WRONG_CALL)
    pair = found.pairs[0]
    with Engine() as engine, busy("reading", terminal.err) as doing:
        one, other = (
            tables_of(plan, instance_of(plan, where)) for plan, where in ((pair.before, before), (pair.after, after))
        )
        tell = partial(_tell, doing)
        return reasons_of(pair.before, pair.after, (one, other), engine, seconds, tell)


def _tell(doing: Callable[[str], None], group: str) -> None:
    doing(f"planning with the new {group}")
